"""MIPS Desk: the proof for MIPS improvement activities, made while the year runs and kept until an auditor asks."""

__version__ = "0.1.0"
