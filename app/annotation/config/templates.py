"""Configurations to begin with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Template:
    """A configuration to start from, and a task that shows it at work."""

    name: str
    title: str
    hint: str
    xml: str
    sample: dict[str, Any]


SENTIMENT = Template(
    "sentiment",
    "Sentiment",
    "One answer for each text: how does the writer feel?",
    """<View>
  <Header value="How does the writer feel?"/>
  <Text name="text" value="$text"/>
  <Choices name="sentiment" toName="text" choice="single" showInline="true" required="true">
    <Choice value="Positive"/>
    <Choice value="Neutral"/>
    <Choice value="Negative"/>
  </Choices>
</View>
""",
    {"text": "The parcel came two days early, and the driver even rang to ask where to put it."},
)
TOPICS = Template(
    "topics",
    "Topics",
    "Several answers for each text: what is it about?",
    """<View>
  <Header value="What is this message about?"/>
  <Text name="text" value="$text"/>
  <Choices name="topics" toName="text" choice="multiple" required="true">
    <Choice value="Delivery" hint="Late, early, lost or at the wrong door"/>
    <Choice value="Billing" hint="Invoices, refunds, prices"/>
    <Choice value="Product" hint="The goods themselves"/>
    <Choice value="Account" hint="Signing in, addresses, settings"/>
    <Choice value="Other"/>
  </Choices>
</View>
""",
    {"text": "I was charged twice for the order that never arrived. Please send the money back."},
)
ENTITIES = Template(
    "entities",
    "Named entities",
    "Mark names, places and dates in the text.",
    """<View>
  <Labels name="entity" toName="text">
    <Label value="Person"/>
    <Label value="Company"/>
    <Label value="Place"/>
    <Label value="Date"/>
  </Labels>
  <Text name="text" value="$text"/>
</View>
""",
    {"text": "Ms Okafor of Baltic Timber expects the ship in Gdańsk on 14 March."},
)
SUMMARY = Template(
    "summary",
    "Summary",
    "Write what the text says, in your own words.",
    """<View>
  <Text name="text" value="$text"/>
  <Header value="Sum it up in one or two sentences"/>
  <TextArea name="summary" toName="text" rows="4" maxSubmissions="1" required="true"
            placeholder="What happened, and what is wanted?"/>
</View>
""",
    {
        "text": "We opened the container this morning. Twelve of the forty pallets are wet, because the seal of the"
        " door was torn. The insurer wants photos before noon, and we need to know who pays for the drying."
    },
)
RATING = Template(
    "rating",
    "Rating of answers",
    "Read a question and an answer to it, and say how good the answer is.",
    """<View>
  <Header value="The question"/>
  <Text name="prompt" value="$prompt"/>
  <Header value="The answer"/>
  <Text name="answer" value="$answer"/>
  <Rating name="quality" toName="answer" maxRating="5" required="true"/>
  <Choices name="faults" toName="answer" choice="multiple">
    <Choice value="Wrong"/>
    <Choice value="Incomplete"/>
    <Choice value="Impolite"/>
    <Choice value="Off the point"/>
  </Choices>
  <TextArea name="better" toName="answer" rows="2" placeholder="How would you have put it?"/>
</View>
""",
    {
        "prompt": "How do I change the delivery address of an order?",
        "answer": "Open the order, choose Change address and save. It works until the parcel has left our warehouse.",
    },
)

ALL = (SENTIMENT, TOPICS, ENTITIES, SUMMARY, RATING)
BY_NAME = {template.name: template for template in ALL}
