// Shows the copy buttons (they need script) and copies the field beside them.
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  for (const box of document.querySelectorAll("[data-copy]")) {
    const button = box.querySelector("[data-copy-button]");
    if (button) button.hidden = false;
  }
});
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy-button]");
  if (!button) return;
  const box = button.closest("[data-copy]");
  const field = box.querySelector("input, textarea");
  const status = box.querySelector("[data-copy-status]");
  field.select();
  let done = false;
  try {
    await navigator.clipboard.writeText(field.value);
    done = true;
  } catch {
    done = document.execCommand("copy"); // plain http has no clipboard interface
  }
  status.textContent = done ? button.dataset.copied : button.dataset.byHand;
  setTimeout(() => { status.textContent = ""; }, 4000);
});
