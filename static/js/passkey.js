/* Tells a person, in the page, that the browser's passkey dialog was closed or found no key. */
(() => {
  "use strict";
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    const words = document.getElementById("passkey-trouble");
    if (words) words.hidden = false;
  });
})();
