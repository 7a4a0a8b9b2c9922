import type { ThemeConfig } from "antd";
import { dark, fontFamily, light, type Palette, typeSizes } from "./tokens";

/** How a person wants the workbench to look. */
export interface Look {
  theme: "light" | "dark" | "system";
  size: keyof typeof typeSizes;
}

/** The palette of a look on this screen. */
export function paletteOf(look: Look, systemDark: boolean): Palette {
  return look.theme === "dark" || (look.theme === "system" && systemDark) ? dark : light;
}

/** Writes the palette and type size as CSS variables, `--x-ink` and the like. */
export function applyLook(look: Look, systemDark: boolean): void {
  const palette = paletteOf(look, systemDark);
  const style = document.documentElement.style;
  for (const [name, colour] of Object.entries(palette)) {
    style.setProperty(`--x-${name.replace(/[A-Z0-9]/g, (c) => `-${c.toLowerCase()}`)}`, colour);
  }
  style.setProperty("--x-size", `${typeSizes[look.size]}px`);
  style.colorScheme = palette === dark ? "dark" : "light";
}

/** The antd theme of a look. */
export function antdTheme(look: Look, systemDark: boolean, calm: boolean): ThemeConfig {
  const p = paletteOf(look, systemDark);
  const fontSize = typeSizes[look.size];
  return {
    token: {
      motion: !calm,
      motionDurationMid: "0.1s",
      motionDurationSlow: "0.15s",
      fontFamily,
      fontSize,
      lineHeight: 22 / 14,
      borderRadius: 2,
      borderRadiusLG: 2,
      borderRadiusSM: 2,
      borderRadiusXS: 2,
      colorPrimary: p.blue,
      colorPrimaryHover: p.blueHover,
      colorPrimaryActive: p.blueHover,
      colorTextLightSolid: p.onBlue,
      colorLink: p.blue,
      colorLinkHover: p.blueHover,
      colorInfo: p.info,
      colorSuccess: p.success,
      colorWarning: p.warning,
      colorError: p.danger,
      colorText: p.ink,
      colorTextHeading: p.ink,
      colorTextSecondary: p.ink2,
      colorTextTertiary: p.ink3,
      colorTextDescription: p.ink3,
      colorTextPlaceholder: p.ink3,
      colorTextDisabled: p.inkOff,
      colorTextQuaternary: p.inkOff,
      colorIcon: p.ink2,
      colorBgLayout: p.page,
      colorBgContainer: p.card,
      colorBgElevated: p.card,
      colorBgContainerDisabled: p.page,
      colorBorder: p.field,
      colorBorderDisabled: p.line,
      colorBorderSecondary: p.line,
      colorSplit: p.line,
      colorFillAlter: p.page,
      controlItemBgHover: p.rowHover,
      controlItemBgActive: p.rowSelected,
      controlItemBgActiveHover: p.rowSelected,
      controlOutlineWidth: 0,
      boxShadowTertiary: "none",
    },
    components: {
      Table: {
        headerBg: p.page,
        headerColor: p.ink2,
        headerSortActiveBg: p.page,
        headerSortHoverBg: p.rowHover,
        bodySortBg: p.card,
        rowHoverBg: p.rowHover,
        rowSelectedBg: p.rowSelected,
        rowSelectedHoverBg: p.rowSelected,
        borderColor: p.line,
        headerBorderRadius: 0,
        cellPaddingInline: 10,
      },
      Button: { primaryShadow: "none", defaultShadow: "none", dangerShadow: "none" },
      Tabs: { horizontalItemPadding: "8px 0", titleFontSize: fontSize },
      Select: { optionSelectedBg: p.rowSelected },
    },
  };
}
