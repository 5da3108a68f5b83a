"""Admission (152/2022, 2.1.a): application, review, agreement (SLA), installation, and how a provider becomes active.

Pure machines: `machine` (an application), `agreement` (an SLA), `unit`. `models` keeps their states and transitions; `acts`
performs what people decide.
"""
