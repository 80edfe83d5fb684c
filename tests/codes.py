"""What a reader of QRs finds on a picture."""

import zxingcpp
from PIL import Image

QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)


def texts(picture: Image.Image) -> list[str]:
    """The texts of the QRs only: printed words and rules pass for bars of a shop at times."""
    return [code.text for code in zxingcpp.read_barcodes(picture, QR)]
