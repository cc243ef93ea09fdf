/* The little that pages need beyond HTML and htmx. Every page works without it.
   Loaded in the head and not deferred, so that the chosen theme stands before the first paint. */
(() => {
  "use strict";
  const root = document.documentElement;
  root.classList.add("js");

  /* --- light, dark, or as the device has it ------------------------------------------------------- */

  const THEME = "portal-theme";
  const kept = (store, key, value) => {
    // A browser that keeps nothing (private window, full disk) still shows the page.
    try {
      if (value === undefined) return store().getItem(key);
      if (value === null) store().removeItem(key);
      else store().setItem(key, value);
    } catch { /* nothing to keep it in */ }
    return null;
  };
  const local = () => window.localStorage;
  const session = () => window.sessionStorage;

  const showTheme = (theme) => {
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
    else delete root.dataset.theme;
    for (const button of document.querySelectorAll("[data-theme-choice]")) {
      button.setAttribute("aria-pressed", String(button.dataset.themeChoice === (root.dataset.theme || "device")));
    }
  };
  showTheme(kept(local, THEME));

  /* --- telling a screen reader ---------------------------------------------------------------------- */

  let announced = "";
  const announce = (words) => {
    const region = document.getElementById("announce");
    if (!region || !words || words === announced) return;
    announced = words;
    region.textContent = words;
  };

  /* --- clicks: theme, dialogs, print ---------------------------------------------------------------- */

  document.addEventListener("click", (event) => {
    const choice = event.target.closest("[data-theme-choice]");
    if (choice) {
      const theme = choice.dataset.themeChoice;
      kept(local, THEME, theme === "device" ? null : theme);
      showTheme(theme);
    }
    const opener = event.target.closest("[data-opens]");
    if (opener) document.getElementById(opener.dataset.opens)?.showModal();
    if (event.target.closest("[data-closes]")) event.target.closest("dialog")?.close();
    if (event.target.closest("[data-prints]")) window.print();
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });

  // A link from elsewhere may lead to the question: "/uploads/7/#undo".
  document.addEventListener("DOMContentLoaded", () => {
    const asked = document.getElementById(location.hash.slice(1));
    if (asked?.matches("dialog.confirm")) asked.showModal();
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = document.querySelector("details.menu[open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  /* --- a select that goes somewhere at once (its Go button is hidden by the class on <html>) --------- */

  document.addEventListener("change", (event) => {
    if (event.target.matches("select[data-goes]")) event.target.form.requestSubmit();
  });

  /* --- print: everything a reader could open is open, and closed again afterwards -------------------- */

  let opened = [];
  window.addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details:not([open]):not(.menu)")];
    for (const part of opened) part.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const part of opened) part.open = false;
    opened = [];
  });

  /* --- drafts: what was typed survives a reload of the tab, and goes when it is sent ----------------- */

  const draftOf = (form) => `draft:${location.pathname}:${form.dataset.draft}`;
  const typed = (form) => [...form.elements].filter((field) => field.name && field.matches("textarea, input[type=text]"));
  let waiting;
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (!form || form.dataset.draft === undefined) return;
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      kept(session, draftOf(form), JSON.stringify(typed(form).map((field) => [field.name, field.value])));
      const status = form.querySelector("[data-draft-status]");
      if (status) status.textContent = `Kept on this device at ${new Date().toLocaleTimeString([], { timeStyle: "short" })}`;
    }, 1000);
  });
  document.addEventListener("submit", (event) => {
    clearTimeout(waiting);
    if (event.target.dataset.draft !== undefined) kept(session, draftOf(event.target), null);
  });
  const restoreDrafts = () => {
    for (const form of document.querySelectorAll("form[data-draft]")) {
      const draft = new Map(JSON.parse(kept(session, draftOf(form)) || "[]"));
      for (const field of typed(form)) {
        if (!field.value && draft.has(field.name)) field.value = draft.get(field.name);
      }
    }
  };

  /* --- htmx ------------------------------------------------------------------------------------------ */

  document.addEventListener("htmx:afterSwap", (event) => {
    const target = event.detail.target;
    const fresh = document.getElementById(target.id) || target;
    announce((fresh.matches("[data-announce]") ? fresh : fresh.querySelector("[data-announce]"))?.dataset.announce);
    if (fresh.id === "dialog-body") {
      const dialog = document.getElementById("dialog");
      dialog.setAttribute("aria-label", fresh.querySelector("h2")?.textContent || document.title);
      dialog.showModal();
    }
    // After a person's own action the focus goes to what is new; a poll never moves it.
    if (fresh.dataset.focusNew !== undefined) {
      const heading = fresh.querySelector("h1, h2, h3, .error, [tabindex]") || fresh;
      if (!heading.hasAttribute("tabindex")) heading.tabIndex = -1;
      heading.focus();
    }
    showTheme(root.dataset.theme);
  });

  const failed = (words) => {
    const list = document.getElementById("messages");
    const note = document.createElement("div");
    note.className = "note note-bad";
    const status = document.createElement("span");
    status.className = "status status-bad";
    status.textContent = "\u2717 Error";
    note.append(status, words);
    list.replaceChildren(note);
    announce(words);
  };
  document.addEventListener("htmx:sendError", () => failed("The portal could not be reached. What you see is what it last sent; try again when you are online."));
  document.addEventListener("htmx:responseError", (event) => {
    const status = event.detail.xhr.status;
    if (status === 403) failed("The portal did not accept that. Reload the page and sign in again if it asks you to.");
    else if (status === 404) failed("That is not here any more. Reload the page to see what there is.");
    else failed("That did not work, and nothing was changed. Try again; if it fails again, tell the person who runs the portal.");
  });

  document.addEventListener("DOMContentLoaded", () => {
    showTheme(kept(local, THEME));
    restoreDrafts();
    document.querySelector("form[data-send-at-once]")?.requestSubmit();
  });
})();
