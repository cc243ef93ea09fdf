"""A person's tab in Chromium: opens addresses, listens to whatever the browser complains about, and runs axe."""

from django.conf import settings

WIDE, NARROW, HEIGHT = 1280, 360, 800
LISTEN = """
window.violations = [];
addEventListener('securitypolicyviolation', e => window.violations.push(`${e.effectiveDirective}: ${e.blockedURI}`));
"""
COLOR_RULES = ["color-contrast", "link-in-text-block"]  # all that a theme can change
# Of the document and of everything but the map: what would have to be pushed sideways to be read.
SIDEWAYS = """() => {
  const root = document.documentElement, wide = [];
  if (root.scrollWidth > root.clientWidth) {
    for (const e of document.querySelectorAll('body *')) {
      if (e.getBoundingClientRect().right > root.clientWidth + 1 && !e.closest('.map-region, .visually-hidden'))
        wide.push(e.outerHTML.slice(0, 120));
    }
    wide.push(`the document is ${root.scrollWidth} px wide`);
  }
  for (const e of document.querySelectorAll('body *')) {
    if (e.scrollWidth > e.clientWidth + 1 && ['auto', 'scroll'].includes(getComputedStyle(e).overflowX)
        && !e.matches('.map-region')) wide.push('scrolls: ' + e.outerHTML.slice(0, 120));
  }
  return wide;
}"""
# Of the page itself: what is touched, with the label of a box, and is no 24 px high (WCAG 2.2, 2.5.8).
TOO_LOW = """() => {
  const seen = new Set([...document.querySelectorAll('main :is(a, button, summary, select, input)')]
    .map(e => e.matches('[type=checkbox], [type=radio]') && e.labels[0] || e));
  return [...seen].filter(e => e.checkVisibility({visibilityProperty: true}) && !e.closest('.visually-hidden')
    && e.getClientRects().length && e.getClientRects()[0].height < 24)
    .map(e => `${Math.round(e.getClientRects()[0].height)} px to touch: ` + e.outerHTML.slice(0, 120));
}"""
LOADED = """() => ({
  page: performance.getEntriesByType('navigation')[0].encodedBodySize,
  files: performance.getEntriesByType('resource').map(e => e.name),
})"""


class Tab:
    """One browser context with one page. `complaints` holds what the console and the page's policy said so far."""

    def __init__(self, browser, address: str, session: str | None):
        self.address = address
        self.context = browser.new_context(
            viewport={"width": WIDE, "height": HEIGHT}, reduced_motion="reduce", color_scheme="light"
        )
        self.context.add_init_script(LISTEN)
        if session:
            self.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": address}])
        self.page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _said(self, message):
        refused = message.text.startswith("Failed to load resource") and message.location["url"] == self.page.url
        if message.type in ("error", "warning") and not refused:  # a page of status 404 is no fault by itself
            self.complaints.append(message.text)

    def open(self, path: str) -> int:
        """Open an address of the portal on a wide and light screen; its status."""
        self.complaints.clear()
        self.page.set_viewport_size({"width": WIDE, "height": HEIGHT})
        self.page.emulate_media(color_scheme="light", media="null")
        return self.page.goto(self.address + path).status

    def heard(self) -> list[str]:
        """Everything the browser complained about since the page was opened."""
        return self.complaints + self.page.evaluate("window.violations")

    def sideways(self) -> list[str]:
        """What does not fit the width of the screen."""
        return self.page.evaluate(SIDEWAYS)

    def too_low(self) -> list[str]:
        """What a finger would miss on a narrow screen."""
        return self.page.evaluate(TOO_LOW)

    def loaded(self) -> dict:
        """The compressed bytes of the page itself, and the addresses of the files it brought."""
        return self.page.evaluate(LOADED)
