package extensions

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/inspection/rectification/papers"
	"xuncha/tenants"
)

// paper names a request where its text is not, or no longer, what was signed.
var paper = papers.Kind{Name: "extension", Called: "申请"}

// File is one of the files that support a request, as it was when the head signed.
type File struct {
	ID     inspection.EvidenceID `json:"id"`
	Name   string                `json:"name" maxLength:"200"`
	SHA256 string                `json:"sha256" maxLength:"64" doc:"Of its content"`
}

// terms are what a row itself says of what was signed: no column of it can be changed
// without the signature failing.
type terms struct {
	Finding  inspection.FindingID    `json:"item"`
	Unit     inspection.UnitID       `json:"unit"`
	N        int                     `json:"n"`
	Kind     Kind                    `json:"kind"`
	List     *ListID                 `json:"list"`
	FromOn   *inspection.Day         `json:"from_on"`
	UntilOn  inspection.Day          `json:"until_on"`
	Reason   string                  `json:"reason"`
	Evidence []inspection.EvidenceID `json:"evidence"`
	Decider  string                  `json:"decider"` // slug of the office
	Approver tenants.Role            `json:"approver"`
	ByName   string                  `json:"by"`
	At       time.Time               `json:"at"`
}

func (r Request) terms() terms {
	return terms{
		r.Finding, r.Unit, r.N, r.Kind, r.List, r.FromOn, r.UntilOn, r.Reason, r.Evidence, r.DeciderSlug, r.Approver, r.ByName,
		r.At.UTC().Truncate(time.Microsecond),
	}
}

// asked is what a head is shown and signs.
type asked struct {
	Office   string `json:"office"`
	UnitName string `json:"unit_name"`
	Number   string `json:"number"`
	Problem  string `json:"problem"`
	Files    []File `json:"files"`
	Terms    terms  `json:"terms"`
}

// seal is what is frozen when the head signs: what was shown, under the digest that
// stood on the screen (the list's where it was signed with one), the promise, and whose
// signature it is.
type seal struct {
	Asked   asked               `json:"asked"`
	Shown   string              `json:"shown"` // SM3, in hexadecimal
	Promise string              `json:"promise"`
	By      string              `json:"by"`
	Member  inspection.MemberID `json:"member"`
	Grant   inspection.GrantID  `json:"grant"`
	At      time.Time           `json:"at"`
}

// asks returns what each of these requests of the own office says to who signs it.
func asks(ctx context.Context, tx *tenants.Tx, rs []Request) ([]asked, error) {
	ids := make([]inspection.ExtensionID, len(rs))
	for i, r := range rs {
		ids[i] = r.ID
	}
	rows, _ := tx.Query(ctx, `
		select x.id, f.text as problem, u.name as unit_name, coalesce(e.files, '[]') as files
		from extensions x
		join findings f on f.tenant_id = x.tenant_id and f.id = x.finding_id
		join units u on u.tenant_id = x.tenant_id and u.id = x.unit_id,
		lateral (
			select jsonb_agg(jsonb_build_object('id', e.id, 'name', e.name, 'sha256', encode(e.sha256, 'hex'))
				order by array_position(x.evidence, e.id)) as files
			from evidence e
			where e.tenant_id = x.tenant_id and e.finding_id = x.finding_id and e.id = any(x.evidence)) e
		where `+tenants.Own("x")+` and x.id = any(@ids::uuid[])`, pgx.StrictNamedArgs{"ids": ids})
	type text struct {
		ID       inspection.ExtensionID
		Problem  string
		UnitName string
		Files    []File
	}
	texts, err := pgx.CollectRows(rows, pgx.RowToStructByName[text])
	if err != nil {
		return nil, fmt.Errorf("what is asked for: %w", err)
	}
	all := make([]asked, len(rs))
	for i, r := range rs {
		for _, t := range texts {
			if t.ID == r.ID {
				all[i] = asked{tx.Scope().Office().Office, t.UnitName, r.Number, t.Problem, t.Files, r.terms()}
			}
		}
	}
	return all, nil
}

// digestOf returns the digest of what is shown, as screens show it.
func digestOf(shown any) (string, error) {
	_, sum, err := papers.Freeze(shown)
	return hex.EncodeToString(sum), err
}

// freeze puts the signature of who acts under a request: what was asked, as it was
// shown, and the promise.
func (r *Request) freeze(by tenants.Scope, at time.Time, a asked, shown, promise string) (err error) {
	at = at.UTC().Truncate(time.Microsecond)
	r.Promise, r.SignedBy, r.SignedAt, r.Digest = promise, by.Name(), &at, shown
	r.Content, r.Sum, err = papers.Freeze(seal{a, shown, promise, by.Name(), by.Member(), by.Grant(), at})
	return err
}

// unseal returns what the head signed, or an error if the row is no longer that.
func (r Request) unseal() (s seal, err error) {
	if !papers.Whole(r.Content, r.Sum) || json.Unmarshal(r.Content, &s) != nil {
		return s, paper.Altered()
	}
	was, err := json.Marshal(s.Asked.Terms)
	if err != nil {
		return s, fmt.Errorf("what was signed: %w", err)
	}
	is, err := json.Marshal(r.terms())
	if err != nil {
		return s, fmt.Errorf("what the row says: %w", err)
	}
	if !bytes.Equal(was, is) || s.Promise != r.Promise || s.By != r.SignedBy || r.SignedAt == nil || !s.At.Equal(*r.SignedAt) {
		return s, paper.Altered()
	}
	return s, nil
}

// signature is what the journal keeps of a signature, by which a row is found out whose
// text and digest were both exchanged.
func (r Request) signature() string { return "校验码 " + hex.EncodeToString(r.Sum) }

// Verify checks every request of one office that was signed: that the row is what the
// head signed, and that the journal knows of that signature. It returns how many hold,
// and what is wrong with the others.
func (s *Service) Verify(ctx context.Context, office tenants.Tenant) (n int, broken []string, err error) {
	err = s.DB.In(ctx, tenants.ForJob(office, "audit.verify"), func(tx *tenants.Tx) error {
		n, broken = 0, nil
		rows, _ := tx.Query(ctx, `
			select `+requestColumns+`, exists (
				select from journal j
				where j.tenant_id = x.tenant_id and j.action = 'extension.sign' and j.object_id = x.finding_id
				  and strpos(j.detail->>'text', encode(x.digest, 'hex')) > 0) as known
			from `+requestTables+`
			where `+tenants.Own("x")+` and (x.content is not null or x.forwarded_at is not null)
			order by r.number, x.n`)
		type signed struct {
			Request
			Known bool
		}
		all, err := pgx.CollectRows(rows, pgx.RowToStructByName[signed])
		if err != nil {
			return err
		}
		for _, r := range all {
			if _, err := r.unseal(); err != nil || !r.Known {
				broken = append(broken, fmt.Sprintf("request %d of item %s is not what was signed", r.N, r.Number))
				continue
			}
			n++
		}
		rows, _ = tx.Query(ctx, `
			select j.seq from journal j
			where `+tenants.Own("j")+` and j.action = 'extension.sign' and j.detail->>'text' ~ '校验码 [0-9a-f]{64}'
			  and not exists (
				select from extensions x
				where x.tenant_id = j.tenant_id and x.finding_id = j.object_id and strpos(j.detail->>'text', encode(x.digest, 'hex')) > 0)
			order by j.seq`)
		lost, err := pgx.CollectRows(rows, pgx.RowTo[int64])
		for _, seq := range lost {
			broken = append(broken, fmt.Sprintf("no request is the one that was signed at entry %d", seq))
		}
		return err
	})
	if err != nil {
		return n, nil, fmt.Errorf("verify requests: %w", err)
	}
	return n, broken, nil
}
