"""Text messages, through the operator's gateway: `SMS_URL`, `SMS_TOKEN`, `SMS_FROM`, `SMS_FORM`.

Two ways of asking are known. `json`: `{"to", "from", "text"}` with the token as a bearer. `twilio`: the form that
Twilio and its likes take, with the token as `account:secret`.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from urllib.parse import urlsplit

from app.adapters import outbound
from config import Config

#: Characters of a message; gateways part what is longer, and charge for each part.
MOST = 300


class NotSent(Exception):
    """The gateway did not take it."""


@dataclass(frozen=True)
class Gateway:
    url: str
    token: str
    sender: str
    form: str

    def send(self, number: str, text: str) -> None:
        """Send one message to a number in E.164. Raises NotSent."""
        text = text if len(text) <= MOST else text[: MOST - 1] + "…"
        place = urlsplit(self.url)
        # The operator named it: it may stand in their own network.
        allow = (f"{place.hostname}:{place.port or (443 if place.scheme == 'https' else 80)}",)
        try:
            if self.form == "twilio":
                login = base64.b64encode(self.token.encode()).decode()
                sent = {"To": number, "From": self.sender, "Body": text}
                headers = {"Authorization": f"Basic {login}"}
                answer = outbound.request("POST", self.url, headers=headers, form=sent, hops=0, allow=allow)
            else:
                sent = {"to": number, "from": self.sender, "text": text}
                headers = {"Authorization": f"Bearer {self.token}"}
                answer = outbound.request("POST", self.url, headers=headers, json=sent, hops=0, allow=allow)
        except outbound.OutboundError as error:
            raise NotSent(str(error)) from error
        if not 200 <= answer.status < 300:
            raise NotSent(f"The gateway answers {answer.status}.")


def gateway_for(config: Config) -> Gateway | None:
    """The operator's gateway; None: there is none, and nothing of texts is shown."""
    if not config.sms_url:
        return None
    return Gateway(config.sms_url, config.sms_token, config.sms_from, config.sms_form)
