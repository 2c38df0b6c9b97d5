// Loaded before the first paint, so that the reader's own choice of light or dark never flashes.
"use strict";
(() => {
  const KEY = "ninefold.theme";
  const read = () => {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return null; // storage may be blocked; then the system's wish counts
    }
  };
  const apply = (theme) => {
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
    else delete document.documentElement.dataset.theme;
  };
  apply(read());

  document.addEventListener("DOMContentLoaded", () => {
    const box = document.querySelector("[data-theme-switch]");
    const select = box && box.querySelector("select");
    if (!select) return;
    box.hidden = false;
    select.value = read() || "system";
    select.addEventListener("change", () => {
      try {
        if (select.value === "system") localStorage.removeItem(KEY);
        else localStorage.setItem(KEY, select.value);
      } catch {
        // not kept, but still applied to this page
      }
      apply(select.value);
    });
  });
})();
