package ledger_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"xuncha/inspection/rectification/ledger"
)

// habit is a ledger as some office keeps it, and its outline.
type habit struct {
	name string
	make func(t *testing.T) workbook
	o    ledger.Options
	want string
}

func readAll(t *testing.T, habits []habit) {
	t.Helper()
	for _, h := range habits {
		t.Run(h.name, func(t *testing.T) {
			t.Parallel()
			r := read(t, h.make(t).bytes(), h.o)
			if diff := cmp.Diff(strings.TrimPrefix(h.want, "\n"), outline(r)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// TestElsewhere reads what looking further found: a merged cell once, further cells
// of a problem below it, and the words as they are.
func TestElsewhere(t *testing.T) {
	t.Parallel()
	r := read(t, newWorkbook(t,
		[]any{"序号", "反馈问题", "整改措施", "整改时限", "举一反三检查情况", "备注"},
		[]any{1, "学习走过场", "修订规则", "2026.8.31", "排查 6 个下属单位\n发现 2 个同类问题", nil},
		[]any{nil, nil, "开展培训", "2026.8.31", nil, nil},
		[]any{2, "渠系损毁", "修复", "2026.9.30", "排查干渠", nil},
		[]any{nil, nil, "管护", "2026.9.30", "排查支渠", nil},
		[]any{nil, nil, "公示", "2026.9.30", "排查支渠", nil},
		[]any{3, "接待超标", "清退", "2026.9.30", "无", "无"},
	).merge("E2:E3").bytes(), ledger.Options{})
	var got []string
	for _, p := range r.Problems {
		got = append(got, p.Elsewhere)
	}
	want := []string{"排查 6 个下属单位\n发现 2 个同类问题", "排查干渠\n排查支渠", "无"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if c := r.Sheets[0].Columns[4]; c.Column != ledger.ElsewhereColumn || c.Confidence != ledger.Exact {
		t.Errorf("column E is %q, %s", c.Column, c.Confidence)
	}
}

// TestLayouts reads tables that are laid out in other ways.
func TestLayouts(t *testing.T) {
	t.Parallel()
	readAll(t, []habit{
		{
			"columns in another order and under other names",
			func(t *testing.T) workbook {
				return newWorkbook(t,
					[]any{"时限要求", "责任科室", "分管领导", "整改举措", "问题描述", "整改成效", "是否完成"},
					[]any{"2026-09-30", "党政办", "罗文斌", "修订规则", "学习走过场", "已修订", "是"})
			},
			ledger.Options{},
			`
 [] 学习走过场
  - 修订规则|罗文斌|党政办||2026-09-30|已修订|是
`,
		},
		{
			"responsible person only, likely names, units in the cell",
			func(t *testing.T) workbook {
				return newWorkbook(t,
					[]any{"序号", "巡察组反馈的具体问题", "我单位整改措施", "整改责任人", "整改 完成\n时限", "金额"},
					[]any{1, "接待超标", "清退", "罗文斌", "2026.8.15", "4860元"},
					[]any{2, "挂账", "清收", "柳青", "2026.12.15", "23.7万元"})
			},
			ledger.Options{},
			`
1 [] 接待超标 ¥486000
  - 清退|罗文斌|||2026-08-15
2 [] 挂账 ¥23700000
  - 清收|柳青|||2026-12-15
`,
		},
		{
			"categories as full-width section rows, on two levels, without merging and with",
			func(t *testing.T) workbook {
				return newWorkbook(t,
					[]any{"序号", "问题表现", "整改措施", "整改期限"},
					[]any{"一、落实决策部署方面"},
					[]any{"（一）学习"},
					[]any{1, "学习走过场", "修订规则", "2026.8.31"},
					[]any{"（二）粮食"},
					[]any{2, "渠系损毁", "修复", "2026.9.30"},
					[]any{"聚焦群众身边不正之风"},
					[]any{1, "补贴不规范", "核对", "2026.9.15"},
				).merge("A2:D2", "A7:D7")
			},
			ledger.Options{},
			`
1 [一、落实决策部署方面 / （一）学习] 学习走过场
  - 修订规则||||2026-08-31
2 [一、落实决策部署方面 / （二）粮食] 渠系损毁
  - 修复||||2026-09-30
1 [聚焦群众身边不正之风] 补贴不规范
  - 核对||||2026-09-15
`,
		},
		{
			"a header of two rows that is merged across only",
			func(t *testing.T) workbook {
				return newWorkbook(t,
					[]any{"反馈问题", "整改措施", "责任单位", nil, "整改时限"},
					[]any{nil, nil, "牵头", "配合"},
					[]any{"甲", "一", "党政办", "组织办", "2026.9.30"},
				).merge("C1:D1")
			},
			ledger.Options{},
			`
 [] 甲
  - 一||党政办|组织办|2026-09-30
`,
		},
		{
			"several numbered measures inside one cell, with dates and states to each",
			func(t *testing.T) workbook {
				return newWorkbook(t,
					[]any{"序号", "反馈问题", "整改措施", "责任单位", "整改时限", "完成情况"},
					[]any{1, "甲", "1.修订规则；2.建立台账；3.通报", "党政办", "2026.8.31", "整改中"},
					[]any{2, "乙", "(1)修复(2)签协议", "农业办", "(1)2026.9.30(2)长期坚持", "已完成\n整改中"},
					[]any{3, "丙", "①排查②整改", "应急办", "2026.9.30\n2026.10.31", "整改中"})
			},
			ledger.Options{},
			`
1 [] 甲
  - 修订规则||党政办||2026-08-31||整改中
  - 建立台账||党政办||2026-08-31||整改中
  - 通报||党政办||2026-08-31||整改中
2 [] 乙
  - 修复||农业办||2026-09-30||已完成
  - 签协议||农业办||long-term||整改中
3 [] 丙
  - 排查||应急办||2026-09-30||整改中
  - 整改||应急办||2026-10-31||整改中
? E3 due-long-term
`,
		},
		{
			"problem on the first row only, and repeated on every row",
			func(t *testing.T) workbook {
				return newWorkbook(t,
					[]any{"序号", "问题类别", "反馈问题", "整改措施", "整改时限", "涉及金额(元)"},
					[]any{1, "党建", "甲", "措施一", "2026.8.31", 5},
					[]any{nil, nil, nil, "措施二", "2026.8.31"},
					[]any{2, "民生", "乙", "措施三", "2026.8.31", 7},
					[]any{2, "民生", "乙", "措施四", "2026.8.31", 7},
					[]any{3, nil, "丙", "措施五", "2026.8.31"})
			},
			ledger.Options{},
			`
1 [党建] 甲 ¥500
  - 措施一||||2026-08-31
  - 措施二||||2026-08-31
2 [民生] 乙 ¥700
  - 措施三||||2026-08-31
  - 措施四||||2026-08-31
3 [民生] 丙
  - 措施五||||2026-08-31
`,
		},
		{
			"totals, repeated headers, column numbers, waiting numbers, footers and remarks are no problems",
			func(t *testing.T) workbook {
				return newWorkbook(t,
					[]any{"整改台账"},
					[]any{"序号", "反馈问题", "整改措施", "整改时限"},
					[]any{1, 2, 3, 4},
					[]any{1, "甲", "实行双人签字、拍照留痕", "2026.8.31"},
					[]any{"整改台账"},
					[]any{"序号", "反馈问题", "整改措施", "整改时限"},
					[]any{2, "乙", "合计清退3万元", "2026.8.31"},
					[]any{nil, nil, "合计退还2万元", "2026.9.30"},
					[]any{"合计", "2个问题", "3条措施"},
					[]any{"共计2个问题"},
					[]any{3},
					[]any{"填报人：许静", nil, "审核人：罗文斌"},
					[]any{"注：本表一式三份"},
					[]any{"单位主要负责人（签字）："})
			},
			ledger.Options{},
			`
1 [] 甲
  - 实行双人签字、拍照留痕||||2026-08-31
2 [] 乙
  - 合计清退3万元||||2026-08-31
  - 合计退还2万元||||2026-09-30
x 3 column-numbers
x 5 repeated-title
x 6 repeated-header
x 9 total
x 10 total
x 11 number-only
x 12 signature
x 13 signature
x 14 signature
`,
		},
		{
			"one measure over several rows with further progress",
			func(t *testing.T) workbook {
				return newWorkbook(t,
					[]any{"反馈问题", "整改措施", "责任领导", "责任部门", "配合部门", "整改时限", "进展情况"},
					[]any{"甲", "修复", "邓海", "农业办", "县农业农村局", "2026.9.30", "完成2处"},
					[]any{nil, nil, "石磊", nil, "河湾村", nil, "再完成1处"},
				).merge("A2:A3", "B2:B3", "D2:D3", "F2:F3")
			},
			ledger.Options{},
			`
 [] 甲
  - 修复|邓海|农业办|县农业农村局+河湾村|2026-09-30|完成2处
再完成1处
? C3 measure-conflict
`,
		},
		{
			"rows that cannot be placed are asked about, not dropped",
			func(t *testing.T) workbook {
				return newWorkbook(t,
					[]any{"序号", "反馈问题", "整改措施", "责任领导", "整改时限"},
					[]any{nil, nil, "措施无问题", "邓海", "2026.9.30"},
					[]any{1, "甲", nil, "邓海", "2026.9.30"},
					[]any{nil, nil, nil, "石磊"},
					[]any{2, nil, "缺问题", "邓海", "2026.9.30"},
					[]any{3, "没有措施"},
					[]any{"一、后面什么都没有"})
			},
			ledger.Options{},
			`
 [] 
  - 措施无问题|邓海|||2026-09-30
1 [] 甲
  - |邓海|||2026-09-30
2 [] 
  - 缺问题|邓海|||2026-09-30
3 [] 没有措施
? B2 problem-missing
? C3 measure-missing
? D4 row-unclear
? B5 problem-missing
? A7 row-unclear
! B6 no-measures
`,
		},
		{
			"a header of two rows without merged cells below, and an extra column",
			func(t *testing.T) workbook {
				return newWorkbook(t,
					[]any{"问题清单", nil, "任务清单", nil, "责任清单"},
					[]any{"序号", "问题", "整改任务", "完成时限", "责任领导", "责任人", "分管领导"},
					[]any{1, "甲", "修订", "2026.9.30", "邓海", "石磊", "柳青"},
				).merge("A1:B1", "C1:D1", "E1:G1")
			},
			ledger.Options{},
			`
1 [] 甲
  - 修订|邓海|||2026-09-30
! G2 column-extra
`,
		},
	})
}

// TestTitleAbove does not take a title that is merged over the table for a part
// of its header, though it names a column.
func TestTitleAbove(t *testing.T) {
	t.Parallel()
	w := newWorkbook(t, []any{"问题清单（单位：万元）"}, fullHeader, fullRow).merge("A1:D1")
	s := read(t, w.bytes(), ledger.Options{}).Sheets[0]
	if s.HeaderFrom != 2 || s.HeaderTo != 2 || s.Columns[0].Header != "序号" {
		t.Errorf("the header is in rows %d to %d: %+v", s.HeaderFrom, s.HeaderTo, s.Columns)
	}
}

// TestTwins: the same text under two numbers is two problems, which a person is asked
// about; under one number, or none, it is one with several measures.
func TestTwins(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		numbers  [3]any
		problems []int // measures of each
		asked    int
	}{
		"a number each":        {[3]any{1, 2, 3}, []int{1, 1, 1}, 2},
		"two numbers":          {[3]any{1, 2, nil}, []int{1, 2}, 1},
		"one number, repeated": {[3]any{1, 1, "1."}, []int{3}, 0},
		"one number":           {[3]any{1, nil, nil}, []int{3}, 0},
		"no number":            {[3]any{nil, nil, nil}, []int{3}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := read(t, newWorkbook(t,
				[]any{"序号", "反馈问题", "整改措施", "整改时限"},
				[]any{tt.numbers[0], "财务报销审核不严", "修订办法", "2026.8.31"},
				[]any{tt.numbers[1], "财务报销审核不严", "开展培训", "2026.8.31"},
				[]any{tt.numbers[2], "财务报销审核不严", "清退超报", "2026.9.30"},
			).bytes(), ledger.Options{})
			var got []int
			for _, p := range r.Problems {
				got = append(got, len(p.Measures))
			}
			if diff := cmp.Diff(tt.problems, got); diff != "" {
				t.Errorf("measures of each problem (-want +got):\n%s", diff)
			}
			asked := 0
			for _, q := range r.Questions {
				if q.Reason == ledger.DuplicateProblem {
					asked++
				}
			}
			if asked != tt.asked {
				t.Errorf("asked %d times, want %d: %+v", asked, tt.asked, r.Questions)
			}
		})
	}
}
