"""What the content of a certificate must look like. Pure."""

from app.verification.rules.schema import dcc_fits, group, icvp_fits

__all__ = ["dcc_fits", "group", "icvp_fits"]
