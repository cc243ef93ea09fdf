"""The tokens of the style sheet, and what they look like to an eye."""

import re
from pathlib import Path

CSS = Path(__file__).resolve().parents[2] / "static" / "css"


def tokens() -> dict[str, dict[str, str]]:
    """`light`, `dark` (the device's wish) and `chosen` (the reader's own): name -> "#RRGGBB"."""
    sheet = (CSS / "tokens.css").read_text()
    blocks = re.findall(r":root([^,{]*)\{([^}]*)\}", sheet)
    light, by_device, by_choice = {}, {}, {}
    for selector, body in blocks:
        found = dict(re.findall(r"--([\w-]+):\s*(#[0-9A-Fa-f]{6})", body))
        target = by_device if ":not" in selector else by_choice if "dark" in selector else light
        target.update(found)
    return {"light": light, "dark": light | by_device, "chosen": light | by_choice}


def luminance(color: str) -> float:
    """Relative luminance (WCAG 2.1), 0 to 1."""
    channels = (int(color[n : n + 2], 16) / 255 for n in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2.1, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def lightness(color: str) -> float:
    """CIE L*, 0 (black) to 100 (white): what a grey print keeps of a color."""
    y = luminance(color)
    return 116 * y ** (1 / 3) - 16 if y > 216 / 24389 else y * 24389 / 27
