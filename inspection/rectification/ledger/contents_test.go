package ledger_test

import (
	"testing"

	"xuncha/inspection/rectification/ledger"
)

// TestContents reads cells that say things in other ways.
func TestContents(t *testing.T) {
	t.Parallel()
	readAll(t, []habit{
		{
			"cells merged across columns, shares as percentages, yes and no",
			func(t *testing.T) workbook {
				return newWorkbook(t,
					[]any{"反馈问题", "整改措施", "责任领导", "责任单位", "整改时限", "进展", "是否完成"},
					[]any{"甲", "学习", "邓海", nil, "2026.9.30", 0.855, false},
				).merge("C2:D2").format("0.0%", "F2", "F2")
			},
			ledger.Options{},
			`
 [] 甲
  - 学习|邓海|||2026-09-30|85.5%|否
`,
		},
		{
			"ditto marks, slashes and one office column for two parts",
			func(t *testing.T) workbook {
				return newWorkbook(t,
					[]any{"反馈问题", "整改措施", "责任领导", "责任单位", "整改时限"},
					[]any{"甲", "学习", "邓海", "党政办（牵头）、组织办", "2026.9.30"},
					[]any{"乙", "修订", "同上", "/", "同上"})
			},
			ledger.Options{},
			`
 [] 甲
  - 学习|邓海|党政办|组织办|2026-09-30
 [] 乙
  - 修订|邓海|||2026-09-30
`,
		},
		{
			"dates as dates, as numbers, half shown, before feedback",
			func(t *testing.T) workbook {
				w := newWorkbook(t,
					[]any{"反馈问题", "整改措施", "整改时限"},
					[]any{"甲", "一", 46295},
					[]any{"乙", "二", 46295},
					[]any{"丙", "三", 46266},
					[]any{"丁", "四", 46295},
					[]any{"戊", "五", 2026.1},
					[]any{"己", "六", 20260930},
					[]any{"庚", "七", "2026.5.1"},
					[]any{"辛", "八", "2026.2.30"},
					[]any{"壬", "九"})
				return w.format("yyyy/m/d", "C2", "C2").format(`yyyy"年"m"月"`, "C4", "C4").format(`m"月"d"日"`, "C5", "C5")
			},
			ledger.Options{FeedbackOn: 20644}, // 2026-07-10
			`
 [] 甲
  - 一||||2026-09-30
 [] 乙
  - 二
 [] 丙
  - 三
 [] 丁
  - 四||||2026-09-30
 [] 戊
  - 五
 [] 己
  - 六||||2026-09-30
 [] 庚
  - 七||||2026-05-01
 [] 辛
  - 八
 [] 壬
  - 九
? C3 date-serial 2026-09-30
? C4 date-vague 2026-09-30
? C6 date-vague 2026-01-31 2026-10-31
? C8 date-before-feedback
? C9 date-impossible
? C10 due-missing
! C5 year-not-shown
`,
		},
		{
			"units: in the header, above it, in the cell, nowhere; sums that cannot be",
			func(t *testing.T) workbook {
				return newWorkbook(t,
					[]any{"单位：中共河口镇委员会", nil, nil, "金额单位：万元"},
					[]any{"反馈问题", "整改措施", "整改时限", "涉及金额", "追回金额（元）"},
					[]any{"违规发放补贴12840元", "一", "2026.9.30", 12840, "9,630"},
					[]any{"乙", "二", "2026.9.30", "12840元", "/"},
					[]any{"丙", "三", "2026.9.30", "约3"},
					[]any{"丁", "四", "2026.9.30", 1.0 / 3},
					[]any{"戊", "五", "2026.9.30", 0.1 + 0.2})
			},
			ledger.Options{},
			`
 [] 违规发放补贴12840元 ¥12840000000 +963000
  - 一||||2026-09-30
 [] 乙 ¥1284000
  - 二||||2026-09-30
 [] 丙
  - 三||||2026-09-30
 [] 丁
  - 四||||2026-09-30
 [] 戊 ¥300000
  - 五||||2026-09-30
? D5 amount-vague 3000000
? D6 amount-fraction 333333
! D4 unit-in-cell
! D3 unit-mismatch
`,
		},
		{
			"sums over several problems or different within one are not counted twice",
			func(t *testing.T) workbook {
				return newWorkbook(t,
					[]any{"反馈问题", "整改措施", "整改时限", "涉及金额(万元)"},
					[]any{"甲", "一", "2026.9.30", 3},
					[]any{"乙", "二", "2026.9.30"},
					[]any{"丙", "三", "2026.9.30", 2},
					[]any{nil, "四", "2026.9.30", 5},
				).merge("D2:D3")
			},
			ledger.Options{},
			`
 [] 甲 ¥3000000
  - 一||||2026-09-30
 [] 乙
  - 二||||2026-09-30
 [] 丙
  - 三||||2026-09-30
  - 四||||2026-09-30
? D3 amount-shared
? D4 amount-several 7000000
`,
		},
		{
			"a formula without result, merged over its measures, is one problem to fill in",
			func(t *testing.T) workbook {
				w := newWorkbook(t,
					[]any{"反馈问题", "整改措施", "整改时限"},
					[]any{nil, "一", "2026.9.30"},
					[]any{nil, "二", "2026.9.30"},
				).merge("A2:A3")
				w.must(w.SetCellFormula("台账", "A2", "Z1"))
				return w
			},
			ledger.Options{},
			`
 [] 
  - 一||||2026-09-30
  - 二||||2026-09-30
? A2 formula-cell
`,
		},
		{
			"the same number or the same problem twice",
			func(t *testing.T) workbook {
				return newWorkbook(t,
					[]any{"序号", "反馈问题", "整改措施", "整改时限"},
					[]any{1, "甲", "一", "2026.9.30"},
					[]any{1, "乙", "二", "2026.9.30"},
					[]any{2, "甲", "三", "2026.9.30"})
			},
			ledger.Options{},
			`
1 [] 甲
  - 一||||2026-09-30
1 [] 乙
  - 二||||2026-09-30
2 [] 甲
  - 三||||2026-09-30
? B3 duplicate-number keep skip
? B4 duplicate-problem keep skip
`,
		},
		{
			"odd marks in texts are kept and pointed at",
			func(t *testing.T) workbook {
				return newWorkbook(t,
					[]any{"反馈问题", "整改措施", "整改时限"},
					[]any{"第X轮巡察发现××村问题", "提高質(zhì)量", "2026.9.30"},
					[]any{"缺字□□", "核查(GDP)数据", "2026.9.30"},
					[]any{"\ue0b1某反映的问题", "走訪*个村、\U000f0001户", "2026.9.30"})
			},
			ledger.Options{},
			`
 [] 第X轮巡察发现××村问题
  - 提高質(zhì)量||||2026-09-30
 [] 缺字□□
  - 核查(GDP)数据||||2026-09-30
 [] 某反映的问题
  - 走訪*个村、󰀁户||||2026-09-30
! A2 placeholder
! B2 pinyin
! A3 missing-character
! A4 private-use
! B4 placeholder
! B4 private-use
`,
		},
		{
			"long words in the column of states where there is none for progress",
			func(t *testing.T) workbook {
				return newWorkbook(t,
					[]any{"反馈问题", "整改措施", "整改时限", "完成情况"},
					[]any{"甲", "修复", "2026.9.30", "完成2处，1处因汛期延后"},
					[]any{"乙", "清淤", "2026.9.30", "已完成"})
			},
			ledger.Options{},
			`
 [] 甲
  - 修复||||2026-09-30|完成2处，1处因汛期延后
 [] 乙
  - 清淤||||2026-09-30||已完成
`,
		},
	})
}
