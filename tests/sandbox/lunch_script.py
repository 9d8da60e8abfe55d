"""A lunch bot as Bolt's own guide writes one; it knows nothing of the sandbox. Its settings are in the environment.

With PORT it serves HTTP there, else it connects by Socket Mode.
"""

import os
from typing import Any

from slack_bolt import Ack, App, Respond, Say
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

client = WebClient(
    token=os.environ["SLACK_BOT_TOKEN"],
    base_url=os.environ.get("SLACK_API_URL", WebClient.BASE_URL),
)
app = App(client=client, signing_secret=os.environ.get("SLACK_SIGNING_SECRET"))


@app.command("/lunch")
def ask(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
    ack()
    client.views_open(
        trigger_id=body["trigger_id"],
        view={
            "type": "modal",
            "callback_id": "order",
            "private_metadata": body["channel_id"],
            "title": {"type": "plain_text", "text": "Lunch"},
            "submit": {"type": "plain_text", "text": "Order"},
            "blocks": [
                {
                    "type": "input",
                    "block_id": "dish",
                    "label": {"type": "plain_text", "text": "What would you like?"},
                    "element": {"type": "plain_text_input", "action_id": "text"},
                },
                {
                    "type": "input",
                    "block_id": "place",
                    "optional": True,
                    "label": {"type": "plain_text", "text": "From where?"},
                    "element": {"type": "external_select", "action_id": "places", "min_query_length": 1},
                },
            ],
        },
    )


@app.options("places")
def places(ack: Ack, payload: dict[str, Any]) -> None:
    known = ["Corner shop", "Corner grill", "Canteen"]
    found = [name for name in known if name.casefold().startswith(payload["value"].casefold())]
    ack(options=[{"text": {"type": "plain_text", "text": name}, "value": name} for name in found])


@app.view("order")
def order(ack: Ack, body: dict[str, Any], view: dict[str, Any], client: WebClient) -> None:
    values = view["state"]["values"]
    dish = values["dish"]["text"]["value"]
    if dish == "soup":
        ack(response_action="errors", errors={"dish": "No soup today."})
        return
    ack()
    place = values["place"]["places"]["selected_option"]
    where = f" from {place['text']['text']}" if place else ""
    client.chat_postMessage(
        channel=view["private_metadata"],
        text=f"<@{body['user']['id']}> would like {dish}{where}",
        blocks=[
            {
                "type": "section",
                "text": {"type": "mrkdwn", "text": f"<@{body['user']['id']}> would like *{dish}*{where}"},
            },
            {
                "type": "actions",
                "elements": [
                    {
                        "type": "button",
                        "action_id": "fetch",
                        # Slack takes 75 characters here, and a dish may have more.
                        "text": {"type": "plain_text", "text": f"Fetch {dish}"},
                    }
                ],
            },
        ],
    )


@app.action("fetch")
def fetch(ack: Ack, body: dict[str, Any], respond: Respond) -> None:
    ack()
    respond(f"<@{body['user']['id']}> fetches it.")


@app.event("app_mention")
def mentioned(event: dict[str, Any], say: Say) -> None:
    say(text="Hungry? Try /lunch.", thread_ts=event["ts"])


if __name__ == "__main__":
    if os.environ.get("PORT"):
        app.start(port=int(os.environ["PORT"]))
    else:
        SocketModeHandler(app, os.environ["SLACK_APP_TOKEN"]).start()  # type: ignore[no-untyped-call]
