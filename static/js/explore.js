/* Draws the figures of Explore with Plotly. A figure is the JSON that `data-figure` names; a text in it that begins
   with "--" is a token of tokens.css and gets the theme's value. Without script the tables stand open instead. */
(() => {
  "use strict";
  const places = [...document.querySelectorAll("[data-figure]")];
  const config = { displayModeBar: false, responsive: true };

  const themed = (value, style) => {
    if (typeof value === "string") return value.startsWith("--") ? style.getPropertyValue(value).trim() : value;
    if (Array.isArray(value)) return value.map((one) => themed(one, style));
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, themed(one, style)]));
  };

  const draw = () => {
    const style = getComputedStyle(document.documentElement);
    return Promise.all(places.map((place) => {
      const figure = themed(JSON.parse(document.getElementById(place.dataset.figure).textContent), style);
      return window.Plotly.react(place, figure.data, figure.layout, config);
    }));
  };

  if (!window.Plotly) return; // the script of charts did not arrive: the tables stand open
  draw().then(() => {
    for (const place of places) {
      place.dataset.drawn = "";
      const table = place.parentElement.querySelector("details");
      if (table) table.open = false;
    }
  });
  new MutationObserver(draw).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
})();
