"""What always holds in a business's books, in words."""

from collections.abc import Mapping

INVARIANTS: Mapping[str, str] = {
    "I1": "The numbers of a series follow each other without gap or double, their dates never go back, and each is "
    "borne by the document that the register names.",
    "I2": "A document's total is its net and its taxes, what its lines come to, and the sum of its instalments.",
    "I3": "What is paid of an invoice is what its payments brought and left with us; what is due is the rest, and "
    "never less than nothing.",
    "I4": "Of a payment no more goes back than was received, and just what its refunds come to; of an invoice no more "
    "is credited than it comes to, and just what its credit notes say.",
    "I5": "What is to be billed to a client is the sum of its items that are on no issued invoice.",
    "I6": "What a client owes is the sum of what is due on its invoices; its credit is what it paid beyond them.",
    "I7": "Whatever can be billed is on one document in force at most; of a sales document no more than it "
    "says, in parts that come to the whole.",
    "I8": "The status shown of an invoice follows from what happened to it.",
    "I9": "Nothing is paid of a void invoice; money that still comes for it is the client's credit.",
    "I10": "The postings of every event sum to zero, and an invoice's and a payment's postings come to what they say.",
    "I11": "The version of everything is the number of its events, and none is missing.",
    "I12": "The clearing account of every payment account is what the payment provider reports: payments less fees and "
    "payouts.",
    "I13": "What was asked for is done within minutes, or the reason why not is written down.",
    "I14": "A quote's instalment, and a contract's period, is billed at most once, for ever; of a plan's, none is "
    "missed.",
    "I15": "The feed tells each event once and within minutes, in sequences that follow each other without gap.",
    "I16": "An invoice is asked to be paid online by one way at a time: the next begins once the last has ended.",
    "I17": "A client is reminded once a day at most, of each step of the ladder once, and of nothing that is paid.",
    "I18": "A document is marked with just the exports that it is in, and is in each of them once.",
    "I19": "What was asked for a project, what is withheld of it and what remains come to what its contract comes to.",
    "I20": "Each period of a contract is opened and closed once, over all that counts in it, and brings just what it "
    "tells of.",
    "I21": "Each invoice that a batch planned is drafted once, or told with the reason why it is not.",
    "I22": "The hash of each number follows from what was issued under it, and from the hash of the number before.",
}
