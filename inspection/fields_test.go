package inspection_test

import (
	"strings"
	"testing"

	"xuncha/inspection"
)

func TestFields(t *testing.T) {
	t.Parallel()
	var bad inspection.Fields
	if text := bad.Text("/note", "  已整改。\r\n", true, 10); text != "已整改。" || bad.Err("x.invalid") != nil {
		t.Errorf("a good text is %q, err %v", text, bad.Err("x.invalid"))
	}
	bad.Text("/note", "", true, 10)
	bad.Text("/reason", strings.Repeat("长", 11), true, 10)
	err := bad.Err("x.invalid")
	if inspection.KindOf(err) != inspection.Invalid || inspection.CodeOf(err) != "x.invalid" || len(bad) != 2 || bad[1].Pointer != "/reason" {
		t.Errorf("two bad texts: %v, %+v", err, bad)
	}
}

func TestLine(t *testing.T) {
	t.Parallel()
	if got := inspection.Line(" 一行\n两行\t三 "); got != "一行 两行 三" {
		t.Errorf("Line = %q", got)
	}
	if got := []rune(inspection.Line(strings.Repeat("长", 201))); len(got) != 200 || got[199] != '…' {
		t.Errorf("a long text becomes %d characters ending in %c", len(got), got[len(got)-1])
	}
}
