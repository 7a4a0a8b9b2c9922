package documents

import (
	"context"
	"fmt"
	"strings"
	"time"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/tenants"
)

// evidence is the catalogue of evidence (佐证目录): what each file is, whence and
// with which digest, by which anybody can tell later that it is the same.
func evidence(inspection.Day) table[rectification.EvidenceRow] {
	type file = rectification.EvidenceRow
	text := func(key, title string, width float64, of func(file) string) column[file] {
		return column[file]{key, title, width, func(e file) any { return of(e) }, true}
	}
	return table[file]{
		title: "佐证目录", act: "evidence.export", unit: "份佐证",
		columns: []column[file]{
			text("number", "问题编号", 16, func(e file) string { return e.Number }),
			text("unit", "单位", 20, func(e file) string { return e.UnitName }),
			text("problem", "反馈问题", 36, func(e file) string { return e.Problem }),
			text("measure", "对应措施", 10, proves),
			text("name", "文件名", 28, func(e file) string { return e.Name }),
			{"size", "大小（字节）", 13, func(e file) any { return int(e.Size) }, true},
			{"formed", "形成日期", 12, func(e file) any { return day(e.FormedOn) }, true},
			text("covers", "覆盖期间", 14, covers),
			text("said", "文件自述时间", 20, said),
			text("note", "说明", 28, func(e file) string { return e.Note }),
			text("by", "上传人", 10, func(e file) string { return e.ByName }),
			text("at", "上传时间", 17, func(e file) string { return minute(e.At) }),
			text("submission", "提交", 12, submission),
			text("state", "状态", 10, func(e file) string { return current(e.Replaced) }),
			text("elsewhere", "同一文件的其他事项", 20, elsewhere),
			text("sha256", "SHA-256", 34, func(e file) string { return e.SHA256 }),
		},
	}
}

func proves(e rectification.EvidenceRow) string {
	if e.Seq == nil {
		return "整个事项"
	}
	return fmt.Sprintf("第 %d 项", *e.Seq)
}

func covers(e rectification.EvidenceRow) string {
	if e.CoversFrom == nil || e.CoversTo == nil {
		return ""
	}
	return e.CoversFrom.String() + " 至 " + e.CoversTo.String()
}

// said is what the file says of itself. It is no proof of when it was made.
func said(e rectification.EvidenceRow) string {
	var parts []string
	for _, p := range []struct {
		what string
		at   *time.Time
	}{{"拍摄", e.TakenAt}, {"创建", e.MadeAt}, {"最后修改", e.EditedAt}} {
		if p.at != nil {
			parts = append(parts, p.what+" "+minute(*p.at))
		}
	}
	return strings.Join(parts, "\n")
}

func minute(at time.Time) string { return at.In(inspection.Zone).Format("2006-01-02 15:04") }

func submission(e rectification.EvidenceRow) string {
	if e.Submission == nil {
		return "未提交"
	}
	return fmt.Sprintf("第 %d 次", *e.Submission)
}

func current(replaced bool) string {
	if replaced {
		return "已被替换"
	}
	return "有效"
}

func elsewhere(e rectification.EvidenceRow) string {
	numbers := make([]string, len(e.Elsewhere))
	for i, u := range e.Elsewhere {
		numbers[i] = u.Number
	}
	return strings.Join(numbers, "、")
}

// Evidence takes the catalogue of evidence of the items that the filter finds out.
func (s *Service) Evidence(ctx context.Context, scope tenants.Scope, f rectification.Filter, w Wish) (File, error) {
	return take(ctx, s, scope, evidence, w, func(tx *tenants.Tx, e *export[rectification.EvidenceRow]) ([]tenants.ID, error) {
		return s.Cases.EveryEvidence(ctx, tx, f, e.most, func(row rectification.EvidenceRow) error { return e.add(row) })
	})
}
