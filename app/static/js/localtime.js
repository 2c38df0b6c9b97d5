// Adds the reader's own time to moments that the page gives in the round's zone, where the two differ.
"use strict";
(() => {
  const own = new Intl.DateTimeFormat(document.documentElement.lang || "en", {
    weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
  });

  const translate = (root) => {
    for (const element of root.querySelectorAll("time[data-local]")) {
      const moment = new Date(element.dateTime);
      delete element.dataset.local;
      if (Number.isNaN(moment.getTime())) continue;
      // "2026-12-12T17:00:00+01:00": the minutes by which the round's clock is ahead of UTC
      const offset = /([+-])(\d\d):(\d\d)(?::\d\d)?$/.exec(element.dateTime);
      const ahead = offset ? Number(offset[1] + "1") * (Number(offset[2]) * 60 + Number(offset[3])) : 0;
      if (ahead === -moment.getTimezoneOffset()) continue;
      const stated = element.textContent.trim();
      element.title = stated;
      element.textContent = `${own.format(moment)} your time`;
      const kept = document.createElement("span");
      kept.className = "soft";
      kept.textContent = ` (${stated})`;
      element.after(kept);
    }
  };

  document.addEventListener("DOMContentLoaded", () => translate(document));
  document.addEventListener("htmx:after:swap", () => translate(document));
})();
