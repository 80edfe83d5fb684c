"""Corrections (phản ánh): what a citizen says is wrong, who answers, and until when."""
