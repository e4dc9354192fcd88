"""What stands over figures that are no result: those of the demonstration, and those of a trial."""

INVENTED = "演示数据（合成）"
NOT_REAL = f"{INVENTED}，非真实考核结果"
"""The same, where figures are written or shown that look like a result."""

TRIAL = "试算"
NO_RESULT = f"{TRIAL}，不是考核结果"
"""Over figures that rest on other readings or data than the year's own."""
