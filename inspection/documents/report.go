package documents

import (
	"context"
	"fmt"

	"xuncha/inspection"
	"xuncha/inspection/rectification/reports"
	"xuncha/tenants"
)

// Report takes one of the two reports that a unit owes out, in the layout of letters
// without the red head: a unit reports upwards, it sends no letter. One that is not
// signed says so.
func (s *Service) Report(ctx context.Context, scope tenants.Scope, id inspection.ReportID) (File, error) {
	r, err := s.Reports.Get(ctx, scope, id)
	if err != nil {
		return File{}, err
	}
	what := fmt.Sprintf("%s，%s，第%d期第%d版", r.UnitName, r.RoundName, r.Period, r.Edition)
	es := []tenants.Entry{{
		Action: "report.export", Object: "report", ID: id.UUID, Unit: scope.Unit(),
		Detail: tenants.Detail{Title: "下载" + r.Kind.Word(), Text: what},
	}}
	if r.Office != scope.Tenant() {
		es = append(es, tenants.Entry{
			Office: r.Office, Action: "report.export-above", Object: "report", ID: id.UUID, Unit: r.UnitID,
			Detail: tenants.Detail{Title: "上级下载" + r.Kind.Word(), Text: scope.Office().Short},
		})
	}
	draft := ""
	if r.HeadAt == nil {
		draft = "（未签字稿）"
	}
	name := fmt.Sprintf("%s-%s（第%d期第%d版）%s.docx", r.UnitName, r.Kind.Word(), r.Period, r.Edition, draft)
	return s.paper(ctx, scope, r.Content.Text.Title, owedBlocks(r), name, es...)
}

// owedBlocks sets a report and, below it, who stands under it.
func owedBlocks(r reports.Report) []block {
	t := r.Content.Text
	all := []block{
		paragraph{text: t.Title, font: song, size: 44, align: "center", before: 580, after: 290},
		paragraph{text: t.To + "："},
		paragraph{text: t.Lead, indent: true},
	}
	for _, section := range t.Sections {
		all = append(all, heading(section.Heading))
		for _, p := range section.Paragraphs {
			all = append(all, paragraph{text: p, indent: true})
		}
	}
	all = append(all, paragraph{text: "承诺：" + r.Content.Promise, indent: true, before: 290, keep: true},
		paragraph{text: "主要负责人（签字）：" + signature(r.HeadName, r.HeadAt), indent: true, keep: true})
	if r.Kind == reports.Progress {
		all = append(all, paragraph{text: "分管领导（签字）：" + signature(r.LeaderName, r.LeaderAt), indent: true, keep: true})
	}
	if r.HeadAt == nil {
		return append(all, paragraph{text: t.From, align: "right", right: 2, before: 580})
	}
	all = append(all, signed(t.From, r.Content.AsOf)...)
	return append(all, paragraph{text: "签字内容校验码（SM3）：" + r.Digest, font: kai, size: 18, before: 290, align: "left"})
}
