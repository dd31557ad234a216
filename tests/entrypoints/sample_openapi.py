"""A small OpenAPI 3.1 document with one of everything that ours has."""

from typing import Any

_REFUSAL = {
    "description": "The invoice is not a draft.",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}


def _answer(description: str, schema: str) -> dict[str, Any]:
    return {
        "description": description,
        "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}},
    }


def _id_in_path(kind: str) -> dict[str, Any]:
    return {"name": f"{kind}_id", "in": "path", "required": True, "schema": {"type": "string", "maxLength": 40}}


DOCUMENT: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {
        "title": "Quittance",
        "version": "1",
        "description": "Quotes become invoices.\n\nMoney is a decimal string such as `1149.75`.",
    },
    "servers": [{"url": "https://api.example.com"}],
    "security": [{"bearer": []}],
    "tags": [{"name": "Invoices"}, {"name": "Quotes"}, {"name": "Unused"}],
    "paths": {
        "/v1/invoices": {
            "get": {
                "tags": ["Invoices"],
                "operationId": "list_invoices",
                "summary": "List invoices",
                "x-permission": "invoices.read",
                "parameters": [
                    {
                        "name": "limit",
                        "in": "query",
                        "schema": {"type": "integer"},
                        "description": "1 to 100, else 25.",
                    },
                    {"$ref": "#/components/parameters/Cursor"},
                ],
                "responses": {"200": _answer("A page of invoices.", "InvoicePage")},
            },
            "post": {
                "tags": ["Invoices"],
                "operationId": "create_invoice",
                "summary": "Create a draft",
                "description": "A draft has no number; it gets one when it is issued. <b>Nothing</b> is sent.",
                "x-permission": "invoices.write",
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/InvoiceIn"}}},
                },
                "responses": {"201": _answer("The draft.", "Invoice"), "422": _REFUSAL},
            },
        },
        "/v1/invoices/{invoice_id}/issue": {
            "parameters": [_id_in_path("invoice")],
            "post": {
                "tags": ["Invoices"],
                "operationId": "issue_invoice",
                "summary": "Issue an invoice",
                "x-permission": "invoices.issue",
                "responses": {
                    "200": _answer("The issued invoice.", "Invoice"),
                    "409": {"$ref": "#/components/responses/Refused"},
                },
            },
            "delete": {
                "tags": ["Invoices"],
                "operationId": "unissue_invoice",
                "summary": "Take back",
                "deprecated": True,
                "x-permission": "invoices.unheard_of",
                "responses": {"204": {"description": "Gone."}},
            },
        },
        "/v1/quotes/{quote_id}": {
            "patch": {
                "tags": ["Quotes"],
                "operationId": "edit_quote",
                "summary": "Edit a quote",
                "parameters": [_id_in_path("quote")],
                "requestBody": {
                    "content": {
                        "application/json": {
                            "schema": {"$ref": "#/components/schemas/QuoteIn"},
                            "example": {"notes": "Ann's garden", "lines": []},
                        }
                    }
                },
                "responses": {"200": {"description": "The quote."}},
            }
        },
        "/health": {
            "get": {
                "operationId": "health",
                "summary": "Whether we are well",
                "security": [],
                "responses": {
                    "200": {
                        "description": "Well.",
                        "content": {
                            "application/json": {
                                "schema": {"type": "object"},
                                "examples": {"well": {"value": {"status": "ok"}}},
                            }
                        },
                    },
                    "default": {"description": "Unwell.", "content": {"text/plain": {}}},
                },
            }
        },
    },
    "components": {
        "parameters": {"Cursor": {"name": "cursor", "in": "query", "schema": {"type": "string"}}},
        "responses": {"Refused": _REFUSAL},
        "schemas": {
            "Line": {
                "type": "object",
                "required": ["unit_price"],
                "properties": {
                    "description": {"type": "string", "maxLength": 1000, "examples": ["Window cleaning"]},
                    "quantity": {"type": "string", "default": "1", "description": "A decimal."},
                    "unit_price": {"type": "string", "pattern": "^-?[0-9]+$", "examples": ["40.00"]},
                    "taxes": {"anyOf": [{"type": "array", "items": {"type": "string"}}, {"type": "null"}]},
                },
            },
            "InvoiceIn": {
                "type": "object",
                "description": "What an invoice is made from.",
                "required": ["client_id", "lines"],
                "properties": {
                    "client_id": {"type": "string", "examples": ["cli_01KJMMA2G0ZZZZZZZZZZZZZZZZ"]},
                    "lines": {"type": "array", "items": {"$ref": "#/components/schemas/Line"}, "maxItems": 2000},
                    "send_on": {"anyOf": [{"type": "string", "format": "date"}, {"type": "null"}]},
                    "notes": {"type": "string", "description": "Shown to the client under the `total`."},
                    "rounding": {"enum": ["document", "line"], "default": "document"},
                },
            },
            "Invoice": {
                "allOf": [
                    {"$ref": "#/components/schemas/InvoiceIn"},
                    {
                        "type": "object",
                        "required": ["id", "status", "version"],
                        "properties": {
                            "id": {"type": "string", "examples": ["inv_01KJMMA2G0ZZZZZZZZZZZZZZZZ"]},
                            "version": {"type": "integer", "minimum": 1},
                            "status": {"$ref": "#/components/schemas/Status"},
                            "metadata": {"type": "object", "additionalProperties": {"type": "string"}},
                            "is_test": {"type": "boolean", "default": False},
                        },
                    },
                ]
            },
            "Status": {"type": "string", "enum": ["draft", "issued", "paid"]},
            "InvoicePage": {
                "type": "object",
                "required": ["data", "next_cursor"],
                "properties": {
                    "data": {"type": "array", "items": {"$ref": "#/components/schemas/Invoice"}},
                    "next_cursor": {"type": ["string", "null"]},
                },
            },
            "QuoteIn": {
                "type": "object",
                "properties": {"notes": {"type": "string"}, "child": {"$ref": "#/components/schemas/QuoteIn"}},
            },
            "Problem": {
                "type": "object",
                "required": ["status", "code", "detail"],
                "properties": {
                    "status": {"type": "integer", "examples": [409]},
                    "code": {"type": "string", "examples": ["move_not_allowed"]},
                    "detail": {"type": "string", "examples": ["You cannot issue invoice inv_1 because it is void."]},
                },
            },
            "Anything": {},
        },
    },
}
