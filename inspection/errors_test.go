package inspection_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"xuncha/inspection"
)

// TestKindAndCode asks failures what they are, as they are and wrapped on their
// way up: what nobody foresaw is internal and has no code.
func TestKindAndCode(t *testing.T) {
	t.Parallel()
	field := inspection.Field{Pointer: "/due_on", Code: "deadline-order", Message: "期限早于反馈日期。"}
	tests := []struct {
		name string
		err  error
		kind inspection.Kind
		code string
		text string
	}{
		{"none", nil, inspection.Internal, "", ""},
		{"unforeseen", errors.New("disk full"), inspection.Internal, "", "disk full"},
		{
			"with a sentence", inspection.Errorf(inspection.Conflict, "rectification.wrong-state", "%s 已销号，不能再提交。", "QY-06-02-017"),
			inspection.Conflict, "rectification.wrong-state", "rectification.wrong-state: QY-06-02-017 已销号，不能再提交。",
		},
		{
			"about fields", inspection.InvalidFields("deadline", "请核对期限。", field),
			inspection.Invalid, "deadline", "deadline: 请核对期限。",
		},
		{
			"outrun", inspection.StaleRow("stale", 7), inspection.Stale, "stale",
			"stale: 内容已被他人更新。请核对差异后再保存，你填写的内容仍保留在页面上。",
		},
		{
			"the first of two", fmt.Errorf("sign: %w", inspection.Errorf(inspection.Forbidden, "role", "无权。")),
			inspection.Forbidden, "role", "sign: role: 无权。",
		},
		{
			"among others", errors.Join(errors.New("rollback failed"), inspection.Errorf(inspection.Busy, "busy", "请稍后再试。")),
			inspection.Busy, "busy", "rollback failed\nbusy: 请稍后再试。",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if k, c := inspection.KindOf(tt.err), inspection.CodeOf(tt.err); k != tt.kind || c != tt.code {
				t.Errorf("kind %d, code %q; want %d, %q", k, c, tt.kind, tt.code)
			}
			if tt.err != nil && tt.err.Error() != tt.text {
				t.Errorf("it reads %q, want %q", tt.err, tt.text)
			}
		})
	}
}

// TestCarried: a failure brings to the caller the fields and the present row.
func TestCarried(t *testing.T) {
	t.Parallel()
	fields := []inspection.Field{{Pointer: "/a", Code: "required"}, {Pointer: "/b/0", Code: "too-long"}}
	got, _ := errors.AsType[*inspection.Error](fmt.Errorf("edit: %w", inspection.InvalidFields("draft", "请核对。", fields...)))
	if diff := cmp.Diff(fields, got.Fields); diff != "" || got.Current != nil {
		t.Errorf("fields (-want +got):\n%s", diff)
	}
	type row struct{ Version int }
	stale, _ := errors.AsType[*inspection.Error](inspection.StaleRow("stale", row{3}))
	if stale.Current != (row{3}) || stale.Fields != nil {
		t.Errorf("a stale write carries %+v", stale)
	}
}
