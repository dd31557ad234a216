"""What is asked of the stand-in."""

from datetime import UTC, datetime

MARCH_1 = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


def a_page(**changed):
    line = {"quantity": 1, "price_data": {"currency": "cad", "unit_amount": 5000, "product_data": {"name": "Hedge"}}}
    page = {"mode": "payment", "ui_mode": "hosted_page", "line_items": [line], "success_url": "https://x.example"}
    return {**page, **changed}


def a_payment(**changed):
    return {"amount": 5000, "currency": "cad", "confirm": True, "payment_method": "pm_card_visa", **changed}


def key(text):
    return {"idempotency_key": text}
