"""Levels and awards of achievements where a scheme declares none of its own."""

from __future__ import annotations

LEVELS = {"national": "国家级", "provincial": "省级", "municipal": "市级", "school": "校级", "horizontal": "横向"}
AWARDS = {"first": "一等奖", "second": "二等奖", "third": "三等奖", "team": "团队"}
