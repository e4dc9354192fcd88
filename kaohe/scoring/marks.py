"""What stands over the figures of the demonstration."""

INVENTED = "演示数据（合成）"
NOT_REAL = f"{INVENTED}，非真实考核结果"
"""The same, where figures are written or shown that look like a result."""
