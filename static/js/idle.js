/* A device that others use: a warning before its session ends, and what was typed kept in the tab until its writer is
   back. What is typed is noted; if the next page is the sign-in, it is kept; any other page forgets it. It is under the
   writer's number, so that whoever signs in next at this tab is not given it. */
(() => {
  "use strict";
  const WARN = 120; // seconds before the end
  const SAY_EVERY = 300; // the portal hears of somebody who types and sends nothing
  const TYPED = "typed:", KEPT = "kept:";
  const SKIP = "[type=hidden], [type=password], [type=file], [type=submit], [type=search], [autocomplete=one-time-code]";

  const store = (act) => {
    try { return act(window.sessionStorage); } catch { return null; } // a browser that keeps nothing
  };
  const reader = () => document.body.dataset.reader || "";
  const place = (kind) => `${kind}${reader()}:${location.pathname}`;
  const keysOf = (kept, kind) => Object.keys(kept).filter((key) => key.startsWith(kind));
  const forms = () => [...document.querySelectorAll("main form")].filter((form) => form.method === "post");
  const fields = (form) => [...form.elements].filter((field) => field.name && !field.matches(SKIP) && "value" in field && field.type !== "button");
  const chosen = (field) => field.type === "checkbox" || field.type === "radio";

  /* --- keep and give back ------------------------------------------------------------------------------ */

  const changed = (field) => {
    if (chosen(field)) return field.checked !== field.defaultChecked;
    if (field.matches("select")) return [...field.options].some((option) => option.selected !== option.defaultSelected);
    return field.value !== field.defaultValue;
  };
  const note = () => {
    const typed = [];
    forms().forEach((form, number) => {
      for (const field of fields(form)) {
        if (changed(field)) typed.push([number, field.name, field.value, chosen(field) ? field.checked : null]);
      }
    });
    store((kept) => kept.setItem(place(TYPED), JSON.stringify(typed)));
  };
  const forget = () => store((kept) => { for (const key of keysOf(kept, TYPED)) kept.removeItem(key); });
  const keep = () => store((kept) => {
    for (const key of keysOf(kept, TYPED)) {
      kept.setItem(key.replace(TYPED, KEPT), kept.getItem(key));
      kept.removeItem(key);
    }
  });
  const giveBack = () => {
    const typed = JSON.parse(store((kept) => kept.getItem(place(KEPT))) || "[]");
    const all = forms();
    let given = 0;
    for (const [number, name, value, checked] of typed) {
      for (const field of all[number] ? fields(all[number]) : []) {
        if (field.name !== name || (checked !== null && field.value !== value)) continue;
        if (checked === null) field.value = value;
        else field.checked = checked;
        given += 1;
      }
    }
    store((kept) => kept.removeItem(place(KEPT)));
    if (!given) return;
    const words = document.createElement("p");
    words.className = "note note-ok";
    words.setAttribute("role", "status");
    words.textContent = "What you had typed here before you were signed out is back. It is not saved yet.";
    document.querySelector("main h1")?.after(words);
  };
  const forgetOthers = () => store((kept) => {
    for (const key of keysOf(kept, KEPT)) if (!key.startsWith(`${KEPT}${reader()}:`)) kept.removeItem(key);
  });

  /* --- the clock ---------------------------------------------------------------------------------------- */

  const watch = (dialog) => {
    const seconds = Number(dialog.dataset.seconds);
    const token = dialog.querySelector("[name=csrfmiddlewaretoken]").value;
    let seen = Date.now();
    let told = seen;
    const stay = () => {
      told = Date.now();
      fetch(dialog.dataset.stay, { method: "POST", headers: { "X-CSRFToken": token } }).catch(() => {});
    };
    const used = (event) => {
      if (dialog.open && !event.target.closest?.("[data-stays]")) return; // the answer is the button, not a stray move
      seen = Date.now();
      if (seen - told > SAY_EVERY * 1000) stay();
    };
    for (const kind of ["pointerdown", "keydown", "scroll", "input"]) document.addEventListener(kind, used, { passive: true });
    dialog.querySelector("[data-stays]").addEventListener("click", () => {
      dialog.close();
      seen = Date.now();
      stay();
    });
    const leave = () => {
      const form = dialog.querySelector("form");
      form.elements.next.value = `${form.elements.next.value.split("?")[0]}?next=${encodeURIComponent(location.pathname + location.search)}`;
      form.submit();
    };
    dialog.querySelector("form").addEventListener("submit", (event) => { event.preventDefault(); leave(); });
    setInterval(() => {
      const idle = (Date.now() - seen) / 1000;
      if (idle > seconds) leave();
      else if (idle > seconds - Math.min(WARN, seconds / 2) && !dialog.open) dialog.showModal();
    }, 1000);
  };

  document.addEventListener("DOMContentLoaded", () => {
    if (!reader()) return keep();
    forget();
    forgetOthers();
    giveBack();
    document.addEventListener("input", note);
    document.addEventListener("submit", (event) => {
      if (!event.target.closest("#idle") && event.target.action.endsWith("/logout/")) forget(); // on purpose
    });
    const dialog = document.getElementById("idle");
    if (dialog) watch(dialog);
    return undefined;
  });
})();
