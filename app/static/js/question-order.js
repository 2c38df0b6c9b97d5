// Lets people drag the questions of a round into order. The Up and Down buttons do the same without script.
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  const list = document.querySelector("[data-order]");
  const form = document.querySelector("[data-order-form]");
  if (!list || !form || list.children.length < 2) return;
  const order = () => Array.from(list.children, (item) => item.dataset.id).join(",");
  const before = order();
  for (const handle of list.querySelectorAll("[data-drag]")) {
    handle.hidden = false;
    handle.addEventListener("pointerdown", (down) => {
      if (down.button !== 0) return;
      down.preventDefault();
      const item = handle.closest("[data-id]");
      const start = order();
      handle.setPointerCapture(down.pointerId);
      item.classList.add("is-dragged");
      // The neighbours make way and the dragged item stays, because an element that moves loses the pointer.
      const move = (event) => {
        const middle = (other) => {
          const box = other.getBoundingClientRect();
          return box.top + box.height / 2;
        };
        const above = item.previousElementSibling;
        const below = item.nextElementSibling;
        if (above && event.clientY < middle(above)) item.after(above);
        else if (below && event.clientY > middle(below)) item.before(below);
      };
      const end = (event) => {
        handle.removeEventListener("pointermove", move);
        handle.removeEventListener("pointerup", end);
        handle.removeEventListener("pointercancel", end);
        item.classList.remove("is-dragged");
        if (event.type === "pointercancel") {
          for (const id of start.split(",")) list.append(list.querySelector(`[data-id="${id}"]`));
        } else if (order() !== before) {
          form.querySelector("[name=ids]").value = order();
          form.requestSubmit();
        }
      };
      handle.addEventListener("pointermove", move);
      handle.addEventListener("pointerup", end);
      handle.addEventListener("pointercancel", end);
    });
  }
});
