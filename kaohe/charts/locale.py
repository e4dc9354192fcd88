"""What plotly itself says on a page, in Chinese: it ships with English alone."""

from __future__ import annotations

from typing import Any

LOCALE: dict[str, Any] = {
    "moduleType": "locale",
    "name": "zh-CN",
    "dictionary": {
        "Autoscale": "自动缩放",
        "Compare data on hover": "悬停时对比",
        "Double-click on legend to isolate one trace": "双击图例只看一项",
        "Double-click to zoom back out": "双击还原",
        "Download plot": "存为图片",
        "Download plot as a PNG": "存为 PNG 图片",
        "Image download succeeded": "图片已存好",
        "Preparing image - this may take a few seconds": "正在生成图片，请稍候",
        "Reset": "还原",
        "Reset axes": "还原坐标轴",
        "Show closest data on hover": "悬停时显示最近的数据",
        "Sorry, there was a problem downloading your image!": "图片没有存成",
        "Zoom in": "放大",
        "Zoom out": "缩小",
        "trace": "系列",
    },
    "format": {
        "days": ["星期日", "星期一", "星期二", "星期三", "星期四", "星期五", "星期六"],
        "shortDays": ["周日", "周一", "周二", "周三", "周四", "周五", "周六"],
        "months": [f"{month} 月" for month in range(1, 13)],
        "shortMonths": [f"{month} 月" for month in range(1, 13)],
        "date": "%Y-%m-%d",
    },
}
