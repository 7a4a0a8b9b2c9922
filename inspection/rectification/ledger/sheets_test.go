package ledger_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"xuncha/inspection"
	"xuncha/inspection/rectification/ledger"
)

var (
	fullHeader = []any{"序号", "反馈问题", "整改措施", "整改时限"}
	fullRow    = []any{1, "甲", "一", "2026.9.30"}
)

// TestSheets chooses the ledgers among several sheets and says why the others
// were left.
func TestSheets(t *testing.T) {
	t.Parallel()
	w := newWorkbook(t, fullHeader, fullRow, []any{2, "乙", "二", "2026.9.30"})
	w.rows("填表说明", []any{"一、本表由被巡察单位填写"}, []any{"二、时限写到日"})
	w.rows("空表")
	w.rows("问题清单", []any{"序号", "反馈问题", "责任领导"}, []any{1, "甲", "邓海"})
	w.rows("台账 (2)", fullHeader, fullRow)
	w.rows("下半年", fullHeader, []any{3, "丙", "三", "2026.9.30"}, []any{1, "甲", "四", "2026.9.30"})
	file := w.bytes()

	want := `1 [] 甲
  - 一||||2026-09-30
2 [] 乙
  - 二||||2026-09-30
3 [] 丙
  - 三||||2026-09-30
1 [] 甲
  - 四||||2026-09-30
? B3 duplicate-problem keep skip
# 填表说明: 没有找到表头
# 空表: 空表
# 问题清单: 没有“整改措施”列，已读取工作表“台账”；需要时请单独选择
# 台账 (2): 1 个问题在工作表“台账”中都有，未重复读取；需要时请单独选择
`
	r := read(t, file, ledger.Options{})
	if diff := cmp.Diff(want, outline(r)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if r.Sheets[5].Problems != 2 || r.Sheets[3].Problems != 0 || r.Totals.Problems != 4 {
		t.Errorf("counts: %+v %+v", r.Totals, r.Sheets)
	}

	r = read(t, file, ledger.Options{Sheets: []ledger.SheetOptions{{Name: "问题清单"}}})
	if len(r.Problems) != 1 || len(r.Problems[0].Measures) != 1 || r.Sheets[0].Why != "未选择" {
		t.Errorf("a chosen sheet is not the one read: %s", outline(r))
	}
}

// TestChosenColumns reads what nobody could find, as the person says.
func TestChosenColumns(t *testing.T) {
	t.Parallel()
	w := newWorkbook(t,
		[]any{"甲列", "乙列", "丙列", "完成时间", "数额"},
		[]any{1, "学习走过场", "修订规则", "2026.9.30", 3})
	file := w.bytes()
	open := func(o ledger.SheetOptions) (ledger.Reading, error) {
		o.Name = "台账"
		return ledger.Read(t.Context(), bytes.NewReader(file), int64(len(file)), ledger.Options{Sheets: []ledger.SheetOptions{o}})
	}

	r, err := open(ledger.SheetOptions{})
	if inspection.CodeOf(err) != "columns" || len(r.Sheets) != 1 || r.Sheets[0].Sample[0].Cells[1] != "乙列" {
		t.Fatalf("no header: %v, %+v", err, r.Sheets)
	}

	r, err = open(ledger.SheetOptions{HeaderFrom: 1, Columns: map[ledger.Column]string{
		ledger.ProblemColumn: "B", ledger.MeasureColumn: "C", ledger.DueColumn: "", ledger.AmountColumn: "E",
	}, AmountUnit: ledger.Wan})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(" [] 学习走过场 ¥3000000\n  - 修订规则\n? B2 due-missing\n", outline(r)); diff != "" {
		t.Errorf("chosen columns (-want +got):\n%s", diff)
	}
	if c := r.Sheets[0].Columns[1]; c.Confidence != ledger.Chosen || c.Column != ledger.ProblemColumn {
		t.Errorf("column B is %+v", c)
	}

	_, err = open(ledger.SheetOptions{HeaderFrom: 1, Columns: map[ledger.Column]string{ledger.ProblemColumn: "ZZZ"}})
	if inspection.CodeOf(err) != "columns" {
		t.Errorf("a column that does not exist: %v", err)
	}
	_, err = ledger.Read(t.Context(), bytes.NewReader(file), int64(len(file)), ledger.Options{Sheets: []ledger.SheetOptions{{Name: "没有"}}})
	if inspection.CodeOf(err) != "columns" {
		t.Errorf("a sheet that does not exist: %v", err)
	}
}

// TestColumnsToSettle refuses to choose between two columns of one name and to
// go on without problems, and lists what it found.
func TestColumnsToSettle(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		header []any
		want   string
		fields int
	}{
		{"two of one name", []any{"反馈问题", "整改措施", "整改措施", "整改时限"}, "B、C列同名", 2},
		{"no problems", []any{"序号", "整改措施", "整改时限", "责任领导"}, "缺少“反馈问题”列", 4},
		{"nothing", []any{"姓名", "年龄"}, "没有找到台账的表头", 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			file := newWorkbook(t, tt.header, []any{"甲", "一", "二", "2026.9.30"}).bytes()
			r, err := ledger.Read(t.Context(), bytes.NewReader(file), int64(len(file)), ledger.Options{})
			if inspection.CodeOf(err) != "columns" || !strings.Contains(err.Error(), tt.want) || inspection.KindOf(err) != inspection.Invalid {
				t.Errorf("err = %v, want columns: %s", err, tt.want)
			}
			if got := fields(err); len(got) != tt.fields {
				t.Errorf("%d parts are named, want %d: %v", len(got), tt.fields, got)
			}
			if len(r.Sheets) != 1 || len(r.Sheets[0].Sample) == 0 {
				t.Errorf("there is nothing to choose columns from: %+v", r.Sheets)
			}
		})
	}

	file := newWorkbook(t, tests[0].header, []any{"甲", "一", "二", "2026.9.30"}).bytes()
	r := read(t, file, ledger.Options{Sheets: []ledger.SheetOptions{
		{Name: "台账", Columns: map[ledger.Column]string{ledger.MeasureColumn: "C"}},
	}})
	if diff := cmp.Diff(" [] 甲\n  - 二||||2026-09-30\n", outline(r)); diff != "" {
		t.Errorf("after the choice (-want +got):\n%s", diff)
	}
}

func TestMatch(t *testing.T) {
	t.Parallel()
	tests := []struct {
		parts []string
		want  ledger.Column
	}{
		{[]string{"整改措施落实情况"}, ledger.ProgressColumn},
		{[]string{"问题整改责任人"}, ledger.PersonColumn},
		{[]string{"* 责任单位（配合）"}, ledger.HelpersColumn},
		{[]string{"责任单位(牵头)"}, ledger.DepartmentColumn},
		{[]string{"涉及金额（万元）"}, ledger.AmountColumn},
		{[]string{"已追回金额（元）"}, ledger.RecoveredColumn},
		{[]string{"整 改\n时 限"}, ledger.DueColumn},
		{[]string{"整改完成时限要求"}, ledger.DueColumn},
		{[]string{"反馈问题", "序号"}, ledger.NumberColumn},
		{[]string{"责任单位", "配合"}, ledger.HelpersColumn},
		{[]string{"责任单位", "一"}, ledger.DepartmentColumn},
		{[]string{"实际完成时间"}, "other"},
		{[]string{"佐证材料"}, "other"},
		{[]string{"天气"}, ""},
		{[]string{"题"}, ""},
	}
	for _, tt := range tests {
		if got, _ := ledger.Match(tt.parts...); got != tt.want {
			t.Errorf("%q is %q, want %q", tt.parts, got, tt.want)
		}
	}
}

func TestClassify(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]string{
		"General": "plain", "0.00": "plain", "#,##0.00": "plain", "@": "plain", `0"号"`: "plain", `0"day"`: "plain",
		"yyyy/m/d": "day", `yyyy"年"m"月"d"日"`: "day", "[$-804]yyyy-mm-dd;@": "day", "mm-dd-yy": "day",
		`yyyy"年"m"月"`: "month", "mmm-yy": "month", `m"月"d"日"`: "yearless", "d-mmm": "yearless", "0.0%": "percent", "h:mm:ss": "plain",
	} {
		if got := ledger.Classify(code); got != want {
			t.Errorf("%s shows a %s, want %s", code, got, want)
		}
	}
}
