"""What the office of a builder asks of projects."""


def building(me, client):
    """Every verb of projects; the id of one."""
    wish = {"client_id": client, "name": "Chantier", "type": "project"}
    work = [{"id": "toit", "description": "Toit", "amount": "1000"}]
    one = me.made(
        "/v1/contracts", wish | {"project": {"work": work, "deposit_percent": "10", "retainage_percent": "5"}}
    )
    two = me.made("/v1/contracts", wish | {"project": {"milestones": [{"label": "Livraison", "amount": "800"}]}})
    for contract in (one, two):
        me.made(f"/v1/contracts/{contract['id']}/activate")
    path = f"/v1/contracts/{one['id']}"
    me.made(f"{path}/progress", {"progress": {"toit": "40"}})
    me.made(f"{path}/accept", {"on": "2026-03-01"})
    me.made(f"{path}/release-retainage")
    me.made(f"/v1/contracts/{two['id']}/milestones/1/complete")
    return one["id"]
