"""kaohe"""
