// The colours of UX 4.1, once. The antd theme and the CSS variables are both made from here; a test holds the contrast.

/** The names of the colours, each a CSS variable `--x-<name>`. */
export interface Palette {
  page: string;
  card: string;
  ink: string;
  ink2: string;
  ink3: string;
  inkOff: string;
  line: string;
  field: string;
  blue: string;
  blueHover: string;
  onBlue: string;
  seal: string;
  focusRing: string;
  focusHalo: string;
  band: string;
  rowHover: string;
  rowSelected: string;
  danger: string;
  dangerBg: string;
  warning: string;
  warningBg: string;
  success: string;
  successBg: string;
  info: string;
  infoBg: string;
  neutral: string;
  neutralBg: string;
  doubt: string;
  doubtBg: string;
}

/** Light is the default: ledger work happens next to paper. */
export const light: Palette = {
  page: "#F4F5F7",
  card: "#FFFFFF",
  ink: "#1B1F24",
  ink2: "#4A5360",
  ink3: "#5F6975",
  inkOff: "#8A929C",
  line: "#D5DAE0",
  field: "#7C8794",
  blue: "#1F4E8C",
  blueHover: "#173C6E",
  onBlue: "#FFFFFF",
  seal: "#A61B1B",
  focusRing: "#1B1F24",
  focusHalo: "#FFB000",
  band: "#E3E9F1",
  rowHover: "#F0F4F9",
  rowSelected: "#E4ECF6",
  danger: "#9B1C12",
  dangerBg: "#FDECEA",
  warning: "#7A4A00",
  warningBg: "#FFF4DB",
  success: "#1B5E3A",
  successBg: "#E6F4EC",
  info: "#1B4F86",
  infoBg: "#E8EFF8",
  neutral: "#3D4650",
  neutralBg: "#ECEEF1",
  doubt: "#5B2A82",
  doubtBg: "#F3EAFA",
};

/** Dark is for meeting rooms and night work in rounds; documents and previews stay white in it. */
export const dark: Palette = {
  page: "#161A20",
  card: "#1E242C",
  ink: "#E7EAEE",
  ink2: "#B3BBC6",
  ink3: "#98A2AF",
  inkOff: "#6B7684",
  line: "#323A45",
  field: "#6B7684",
  blue: "#7FB0EE",
  blueHover: "#A3C8F4",
  onBlue: "#10151B",
  seal: "#D96A62",
  focusRing: "#FFB000",
  focusHalo: "#161A20",
  band: "#27313D",
  rowHover: "#242C36",
  rowSelected: "#28374A",
  danger: "#F2897F",
  dangerBg: "#33211F",
  warning: "#E9B949",
  warningBg: "#322A19",
  success: "#6CC495",
  successBg: "#1C3027",
  info: "#7FB0EE",
  infoBg: "#1F2E40",
  neutral: "#B3BBC6",
  neutralBg: "#2B333D",
  doubt: "#C9A6E8",
  doubtBg: "#2E2438",
};

/** Type sizes a person may choose: 标准, 大, 特大. */
export const typeSizes = { standard: 14, large: 16, largest: 18 } as const;

/** Row heights of lists: 紧凑, 标准, 宽松. */
export const rowHeights = { compact: 32, standard: 40, loose: 48 } as const;

/** The colours of charts (UX 4.2), checked there for colour blindness; always with a printed number and an outline. */
export const chartColours = {
  status: {
    overdue: "#9B1C12",
    inProgress: "#E3A72F",
    inReview: "#8FB8E0",
    longTerm: "#B9C0C8",
    closed: "#1F4E8C",
    recovered: "#3E8E6E",
  },
  categories: ["#1F4E8C", "#C98A00", "#A61B1B", "#4FA3A5", "#8C6BB1", "#6B7280"],
  sequential: ["#EEF3F9", "#CFDDEE", "#A3BFDF", "#739CCB", "#2F5F9E", "#163B6B"],
  onLight: "#1B1F24", // text on the first four of them, in the dark, too
} as const;

/** System faces only: Chinese web fonts are megabytes. */
export const fontFamily =
  '"PingFang SC", "Microsoft YaHei", "HarmonyOS Sans SC", "Noto Sans CJK SC", "Noto Sans SC", sans-serif';

/** WCAG contrast of two `#rrggbb` colours. */
export function contrast(a: string, b: string): number {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.03928 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
