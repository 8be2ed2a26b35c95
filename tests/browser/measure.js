// SPDX-FileCopyrightText: 2026 community.modelarts contributors
// SPDX-License-Identifier: GPL-3.0-or-later

// What a person with good eyes would find wrong with the page, as it is drawn now: {faint: [...], outside: [...]}.
const parse = (color) => {
  const [red, green, blue, alpha = 1] = color.match(/[\d.]+/g).map(Number);
  return { red, green, blue, alpha };
};
const over = (top, bottom) => {
  const mix = (name) => top[name] * top.alpha + bottom[name] * (1 - top.alpha);
  return { red: mix("red"), green: mix("green"), blue: mix("blue"), alpha: 1 };
};
const luminance = (color) => {
  const linear = (value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
  return 0.2126 * linear(color.red) + 0.7152 * linear(color.green) + 0.0722 * linear(color.blue);
};
// Contrast as WCAG 2 defines it.
const contrast = (one, other) => {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
};
const background = (element) => {
  if (!element) {
    return { red: 255, green: 255, blue: 255, alpha: 1 };
  }
  const own = parse(getComputedStyle(element).backgroundColor);
  return own.alpha === 1 ? own : over(own, background(element.parentElement));
};
const opacity = (element) => (element ? Number(getComputedStyle(element).opacity) * opacity(element.parentElement) : 1);

const faint = [];
const outside = [];
const seen = [...document.body.querySelectorAll("*")].filter((element) => element.checkVisibility());
const judge = (element, style, text) => {
  const behind = background(element);
  const color = parse(style.color);
  color.alpha *= opacity(element) * (style.opacity === "" ? 1 : Number(style.opacity));
  const ratio = contrast(over(color, behind), behind);
  if (ratio < 4.5) {
    faint.push(`${element.tagName} ${element.className}: ${text} has ${ratio.toFixed(2)}`);
  }
};
for (const element of seen) {
  const style = getComputedStyle(element);
  const text = [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE).map((node) => node.data);
  if (text.join("").trim()) {
    judge(element, { color: style.color, opacity: 1 }, text.join("").trim());
  }
  for (const part of ["::before", "::after", "::placeholder"]) {
    const drawn = getComputedStyle(element, part);
    const hasText = part === "::placeholder" ? element.placeholder : !["none", "normal"].includes(drawn.content);
    if (hasText) {
      judge(element, drawn, part);
    }
  }
  const box = element.getBoundingClientRect();
  if (box.left < 0 || box.right > innerWidth + 0.5 || element.scrollWidth > element.clientWidth + 1) {
    // Inline elements have no client width; what they hold is measured with their parent.
    if (box.left < 0 || box.right > innerWidth + 0.5 || style.display !== "inline") {
      outside.push(`${element.tagName} ${element.className}: ${element.textContent.slice(0, 60)}`);
    }
  }
}
return { faint, outside, count: seen.length, page: luminance(background(document.body)) };
