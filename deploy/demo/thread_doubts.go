package demo

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/inspection/rectification/doubts"
	"xuncha/inspection/rectification/files"
	"xuncha/inspection/rectification/files/sample"
	"xuncha/tenants"
)

// The items of the story's one suspected fake rectification.
const (
	doubted = "BY-04-03-021"
	before  = "BY-04-03-008" // has the same photo
)

// Doubts tells the suspected fake rectification of a transfer station (UX §5.7):
// handed in, closed, doubted, seen on site by two persons, and reopened.
type Doubts struct {
	Files *files.Store
}

// doubtTeller tells it.
type doubtTeller struct {
	Doubts
	ctx    context.Context
	people map[string]tenants.Scope
	at     func(time.Time) *tenants.DB
	id     inspection.FindingID
}

// Thread tells it.
func (d Doubts) Thread(ctx context.Context, people map[string]tenants.Scope, at func(time.Time) *tenants.DB) error {
	t := doubtTeller{d, ctx, people, at, inspection.FindingID{UUID: id("finding", doubted)}}
	for _, tell := range []func() error{t.earlier, t.handIn, t.sendBack, t.close, t.doubt, t.onSite, t.reopen} {
		if err := tell(); err != nil {
			return fmt.Errorf("%s: %w", doubted, err)
		}
	}
	return nil
}

// reviewer is somebody of the district who cannot sign on: the cast has one person
// in each office.
func (t doubtTeller) reviewer(role tenants.Role, name string) tenants.Scope {
	return reviewerOf(t.people["jitong"].Office(), role, name)
}

// reviewerOf is somebody of an office who cannot sign on.
func reviewerOf(office tenants.Tenant, role tenants.Role, name string) tenants.Scope {
	return tenants.ForGrant(tenants.Acting{
		Office: office, Member: inspection.MemberID{UUID: id("reviewer", office.Slug, string(role))},
		Grant: inspection.GrantID{UUID: id("reviewer grant", office.Slug, string(role))}, Name: name, Role: role, Strong: Clock,
	})
}

func (t doubtTeller) cases(at time.Time) *rectification.Service {
	return &rectification.Service{DB: t.at(at), Clock: func() time.Time { return at }, Calendar: Calendar(), Files: t.Files}
}

func (t doubtTeller) room(at time.Time) *doubts.Service {
	return &doubts.Service{DB: t.at(at), Clock: func() time.Time { return at }, Cases: t.cases(at)}
}

// photo is the photo that proves two items.
func photo() []byte {
	return sample.JPEG(sample.Scene("公厕外墙", 960, 720), 85, "2026:03:02 10:21:36")
}

// earlier gives the item that was closed before its photo.
func (t doubtTeller) earlier() error {
	at := moment("2026-07-13 09:40")
	blob := t.people["jitong"].Office().Slug + "/evidence/" + id("evidence", before).String()
	digest, err := files.ResumeDigest(nil)
	if err != nil {
		return err
	}
	part, err := t.Files.Append(t.ctx, blob+".part", bytes.NewReader(photo()), files.MaxSize, digest)
	if err != nil {
		return err
	}
	sum := digest.Sum(nil)
	if err := t.Files.Assemble(t.ctx, []files.Part{part}, blob, sum); err != nil {
		return err
	}
	about := files.Describe(bytes.NewReader(photo()), part.Size, files.Kind{Type: "image/jpeg"})
	return t.at(at).In(t.ctx, t.people["jitong"], func(tx *tenants.Tx) error {
		_, err := tx.Exec(t.ctx, `
			insert into evidence (id, finding_id, unit_id, name, type, size, sha256, taken_at, picture, blob, submission, issued_at, by_name, at)
			select @id, r.finding_id, r.unit_id, '公厕整治后.jpg', 'image/jpeg', @size, @sum, @taken, @picture, @blob, 1, @at, '联络员', @at
			from rectifications r where `+tenants.Own("r")+` and finding_id = @finding`, pgx.StrictNamedArgs{
			"id": id("evidence", before), "finding": id("finding", before), "size": part.Size, "sum": sum, "taken": about.TakenAt,
			"picture": about.Picture, "blob": blob, "at": at,
		})
		return err
	})
}

// upload is one file that the unit hands in, a minute after the last.
func (t doubtTeller) upload(at time.Time, name, formed string, replaces *inspection.EvidenceID, content []byte) (rectification.Evidence, error) {
	head, s := t.people["fanzhiqiang"], t.cases(at)
	u := rectification.Uploading{Name: name, Size: int64(len(content)), FormedOn: optional(formed), Replaces: replaces, NotSecret: true}
	p, err := s.BeginUpload(t.ctx, head, t.id, u)
	if err != nil {
		return rectification.Evidence{}, err
	}
	if _, err := s.Receive(t.ctx, head, p.ID, 0, bytes.NewReader(content)); err != nil {
		return rectification.Evidence{}, err
	}
	return s.Complete(t.ctx, head, p.ID)
}

func (t doubtTeller) submit(at time.Time, statement string) error {
	page, err := t.cases(at).Read(t.ctx, t.people["fanzhiqiang"], t.id)
	if err != nil {
		return err
	}
	h := rectification.Handing{Statement: statement}
	for _, m := range page.Measures {
		h.Gaps = append(h.Gaps, rectification.Gap{Measure: m.ID, Reason: "佐证在整个事项下统一上传"})
	}
	_, err = t.cases(at).Submit(t.ctx, t.people["fanzhiqiang"], t.id, page.Version, h)
	return err
}

// opine gives the opinions of both parties.
func (t doubtTeller) opine(at time.Time, submission int, disc rectification.Giving) error {
	disc.Submission = submission
	agree := rectification.Giving{Submission: submission, Verdict: rectification.Agree}
	if _, err := t.cases(at).Give(t.ctx, t.reviewer(tenants.DISC, "区纪委监委审核人"), t.id, disc); err != nil {
		return err
	}
	_, err := t.cases(at).Give(t.ctx, t.reviewer(tenants.OFF, "区委巡察办审核人"), t.id, agree)
	return err
}

func (t doubtTeller) version(at time.Time) (int, error) {
	page, err := t.cases(at).Read(t.ctx, t.people["jitong"], t.id)
	return page.Version, err
}

// minutes are the minutes of a meeting, made when the file says.
func minutes(made string) []byte {
	return sample.DOCX(moment(made), moment(made), "柳湾镇党委会议纪要", "2026年7月3日，专题研究垃圾中转点整治工作。", "会议决定：落实专人管护，每日清运两次。")
}

// handIn hands in five files.
func (t doubtTeller) handIn() error {
	at := moment("2026-08-05 15:00")
	for i, f := range []struct {
		name, formed string
		content      []byte
	}{
		{"IMG_0712.jpg", "", photo()},
		{"IMG_0735.jpg", "", sample.JPEG(sample.Scene("中转点东侧", 960, 720), 85, "2026:08:02 09:12:00")},
		{"会议纪要.docx", "2026-07-03", minutes("2026-07-03 16:30")},
		{"管护制度.docx", "2026-07-20", sample.DOCX(moment("2026-07-20 10:00"), moment("2026-07-20 10:00"), "垃圾中转点管护制度")},
		{"清运台账.docx", "2026-08-01", sample.DOCX(moment("2026-08-01 17:00"), moment("2026-08-01 17:00"), "清运台账，2026年7月")},
	} {
		if _, err := t.upload(at.Add(time.Duration(i)*time.Minute), f.name, f.formed, nil, f.content); err != nil {
			return err
		}
	}
	return t.submit(moment("2026-08-05 15:20"), "中转点已完成清理，落实专人管护，每日清运两次。")
}

// sendBack has the minutes asked for again; the unit replaces them.
func (t doubtTeller) sendBack() error {
	at := moment("2026-08-12 10:05")
	lacks := rectification.Giving{
		Verdict: rectification.Amend, Reasons: []rectification.Reason{rectification.Mismatch}, Note: "会议纪要缺参会人员和具体安排",
	}
	if err := t.opine(at.Add(-time.Hour), 1, lacks); err != nil {
		return err
	}
	version, err := t.version(at)
	if err != nil {
		return err
	}
	_, err = t.cases(at).Return(t.ctx, t.people["jitong"], t.id, version,
		rectification.Returning{Reasons: lacks.Reasons, Letter: "1. 会议纪要缺参会人员和具体安排，请补充。"})
	if err != nil {
		return err
	}
	page, err := t.cases(at).Read(t.ctx, t.people["fanzhiqiang"], t.id)
	if err != nil {
		return err
	}
	at = moment("2026-08-17 16:10")
	for _, e := range page.Files {
		if e.Name == "会议纪要.docx" {
			if _, err := t.upload(at, e.Name, "2026-07-03", &e.ID, minutes("2026-08-17 15:42")); err != nil {
				return err
			}
		}
	}
	return t.submit(at.Add(10*time.Minute), "已补充会议纪要，其余材料同前。")
}

func (t doubtTeller) close() error {
	at := moment("2026-08-18 16:00")
	if err := t.opine(at.Add(-time.Hour), 2, rectification.Giving{Verdict: rectification.Agree}); err != nil {
		return err
	}
	version, err := t.version(at)
	if err != nil {
		return err
	}
	_, err = t.cases(at).Accept(t.ctx, t.people["jitong"], t.id, version, rectification.Accepting{})
	return err
}

// look has the job look at the case.
func (t doubtTeller) look(when string) error {
	s := t.room(moment(when))
	return s.DB.In(t.ctx, tenants.ForJob(t.people["jitong"].Office(), "doubts"), func(tx *tenants.Tx) error {
		return s.Look(t.ctx, tx, t.id)
	})
}

// doubt enters what people say, and has the rules look.
func (t doubtTeller) doubt() error {
	_, err := t.room(moment("2026-10-28 17:00")).Raise(t.ctx, t.people["jitong"], t.id, doubts.Raising{
		Source: "群众意见", On: day("2026-10-28"), Text: "中转点还是老样子", Question: "群众反映垃圾中转点没有变化，请说明现状。",
	})
	if err != nil {
		return err
	}
	return t.look("2026-10-29 08:30")
}

// onSite has two persons conclude on every signal, on the spot.
func (t doubtTeller) onSite() error {
	at := moment("2026-11-05 15:30")
	for _, by := range []tenants.Scope{t.people["jitong"], t.reviewer(tenants.DISC, "区纪委监委核查人")} {
		all, err := t.room(at).OfCase(t.ctx, by, t.id)
		if err != nil {
			return err
		}
		for _, d := range all {
			_, err := t.room(at).Check(t.ctx, by, d.ID, d.Version, doubts.Checking{
				Verdict: doubts.Right, SeenOn: day("2026-11-05"), Note: "未改。现场仍有积存垃圾，污水外溢，已拍照3张。",
			})
			if err != nil {
				return err
			}
		}
	}
	return t.look("2026-11-05 16:00")
}

func (t doubtTeller) reopen() error {
	at := moment("2026-11-06 09:30")
	version, err := t.version(at)
	if err != nil {
		return err
	}
	_, err = t.cases(at).Reopen(t.ctx, t.people["jitong"], t.id, version,
		rectification.Reopening{Reason: "现场检查结论为未改", DueOn: day("2026-12-04")})
	return err
}
