// A document counts as seen when a person's browser shows it: scanners of mail fetch pages, but show none.
"use strict";

const page = document.body.dataset;

function tell() {
  if (document.visibilityState !== "visible") return;
  document.removeEventListener("visibilitychange", tell);
  fetch(page.seen, { method: "POST", body: new URLSearchParams({ token: page.token }) });
}

if (page.seen) {
  document.addEventListener("visibilitychange", tell);
  tell();
}

// A second click on a button must not send a second form.
for (const form of document.forms) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
}
addEventListener("pageshow", () => [...document.forms].forEach((form) => delete form.dataset.sent));
