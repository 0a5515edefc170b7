// Does "ndiss" find "New issue"? Letters in order; starts of words and unbroken runs count more.

/** null, or {score, parts: [[text, found], …]} for drawing. */
export function fuzzy(asked, text) {
  const wanted = asked.toLowerCase(), low = text.toLowerCase();
  if (!wanted) return { score: 0, parts: [[text, false]] };
  const whole = low.indexOf(wanted);
  if (whole >= 0) {
    const start = whole === 0 || /\W/.test(low[whole - 1]);
    return { score: 100 + (start ? 50 : 0) - whole - text.length / 100, parts: [[text.slice(0, whole), false], [text.slice(whole, whole + wanted.length), true], [text.slice(whole + wanted.length), false]] };
  }
  const parts = [];
  let at = 0, score = 0, last = -2;
  for (const letter of wanted.replace(/\s+/g, "")) {
    const found = low.indexOf(letter, at);
    if (found < 0) return null;
    score += found === last + 1 ? 3 : found === 0 || /\W/.test(low[found - 1]) ? 2 : -0.2 * (found - at);
    parts.push([text.slice(at, found), false], [text[found], true]);
    last = found;
    at = found + 1;
  }
  parts.push([text.slice(at), false]);
  return score < 0 ? null : { score, parts: parts.filter(([part]) => part) };
}
