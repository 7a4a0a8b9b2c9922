package papers

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/emmansun/gmsm/sm3"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/tenants"
)

// Paper is what all papers have in common: who stands under one, who reviews it,
// and what was frozen. Lists show all but the frozen text.
type Paper struct {
	HeadName   string          `json:"head" db:"head_name" doc:"Who signed for the unit; empty before"`
	HeadAt     *time.Time      `json:"head_at" db:"head_at"`
	LeaderName string          `json:"leader" db:"leader_name" doc:"Who countersigned; empty before"`
	LeaderAt   *time.Time      `json:"leader_at" db:"leader_at"`
	Parties    []tenants.Role  `json:"parties" db:"parties" nullable:"false" maxItems:"10" doc:"Who reviews"`
	Given      []tenants.Role  `json:"given" db:"given" nullable:"false" maxItems:"10" doc:"Whose opinion is in"`
	ReviewBy   *inspection.Day `json:"review_by" db:"review_by" doc:"By when the parties answer"`
	Letter     string          `json:"letter" db:"letter" maxLength:"5000" doc:"Why it came back, or a note to the approval"`
	DecidedBy  string          `json:"decided_by" db:"decided_name" doc:"Who returned or approved it"`
	DecidedAt  *time.Time      `json:"decided_at" db:"decided_at"`
	ChangedBy  string          `json:"changed_by" db:"changed_name"`
	ChangedAt  time.Time       `json:"changed_at" db:"changed_at"`
	Version    int             `json:"version" db:"version" doc:"Goes into If-Match"`

	Signed []byte     `json:"-" db:"content"` // JSON of what was signed, or null
	Sum    []byte     `json:"-" db:"digest"`
	N      int        `json:"-" db:"n"` // how often it was signed
	Agreed *bool      `json:"-" db:"agreed"`
	HeadID *uuid.UUID `json:"-" db:"head_id"`
}

// ListColumns are the columns of a paper p that lists read; WholeColumns are all.
const (
	ListColumns = `p.head_name, p.head_at, p.leader_name, p.leader_at, p.parties, p.given, p.review_by, p.letter, p.decided_name,
		p.decided_at, p.changed_name, p.changed_at, p.version`
	WholeColumns = ListColumns + `, p.content, p.digest, p.n, p.agreed, p.head_id`
)

// Saved are the assignments that save a paper p; their arguments are [Paper.Args].
const Saved = `content = @content::json, digest = @digest, n = @n, head_id = @head_id, head_name = @head_name, head_at = @head_at,
	leader_id = case when @leader_at::timestamptz is null then null else coalesce(leader_id, @by_id) end,
	leader_name = @leader_name, leader_at = @leader_at, parties = @parties, given = @given, agreed = @agreed,
	review_by = @review_by, letter = @letter, decided_name = @decided_name, decided_at = @decided_at,
	changed_name = @by, changed_at = @at, version = @version`

// Args are the arguments of [Saved] for who acts, and those of the room.
func (p Paper) Args(by tenants.Scope, own pgx.StrictNamedArgs) pgx.StrictNamedArgs {
	var content *string // JSON as the driver writes it: text, or null
	if p.Signed != nil {
		content = new(string(p.Signed))
	}
	args := pgx.StrictNamedArgs{
		"content": content, "digest": p.Sum, "n": p.N, "head_id": p.HeadID, "head_name": p.HeadName, "head_at": p.HeadAt,
		"by_id": by.Member(), "leader_name": p.LeaderName, "leader_at": p.LeaderAt, "parties": p.Parties, "given": p.Given,
		"agreed": p.Agreed, "review_by": p.ReviewBy, "letter": p.Letter, "decided_name": p.DecidedBy, "decided_at": p.DecidedAt,
		"by": p.ChangedBy, "at": p.ChangedAt, "version": p.Version,
	}
	for name, v := range own {
		args[name] = v
	}
	return args
}

// Kind is one kind of paper.
type Kind struct {
	Name     string // plan: begins the codes of refusals; its rows are in plans, their opinions in plan_opinions
	Called   string // 方案
	Reviewer []tenants.Role
	Kept     string // the table of what was signed and came back, of a kind that keeps it
	Reasoned bool   // an opinion that does not agree names at least one reason
}

// Signing names what is signed: the digest that the signer saw.
type Signing struct {
	Digest string `json:"digest" minLength:"64" maxLength:"64" pattern:"^[0-9a-f]{64}$" doc:"As it was shown"`
}

// Deciding is why a paper goes back, or a note to its approval.
type Deciding struct {
	Letter string `json:"letter" maxLength:"5000"`
}

// Freeze returns what is signed as it is kept, and its digest.
func Freeze(content any) (text, digest []byte, err error) {
	if text, err = json.Marshal(content); err != nil {
		return nil, nil, err
	}
	sum := sm3.Sum(text)
	return text, sum[:], nil
}

// Read returns what a paper says, and its digest in hexadecimal as screens show it:
// what was signed, or what would be signed now. What is no longer the text that was
// signed is refused.
func Read[C any](k Kind, p Paper, now C) (says C, digest string, err error) {
	if p.Signed == nil {
		_, sum, err := Freeze(now)
		return now, hex.EncodeToString(sum), err
	}
	if err := k.intact(p); err != nil {
		return says, "", err
	}
	if err := json.Unmarshal(p.Signed, &says); err != nil {
		return says, "", fmt.Errorf("read what was signed: %w", err)
	}
	return says, hex.EncodeToString(p.Sum), nil
}

func (k Kind) intact(p Paper) error {
	if !Whole(p.Signed, p.Sum) {
		return k.Altered()
	}
	return nil
}

// Whole reports whether digest is that of text, byte for byte.
func Whole(text, digest []byte) bool {
	sum := sm3.Sum(text)
	return bytes.Equal(sum[:], digest)
}

// Altered is the refusal to go on with what is not what was signed.
func (k Kind) Altered() error {
	return inspection.Errorf(inspection.Conflict, k.Name+".altered",
		"%s内容与签字时不一致，已停止办理。请联系系统管理员核查操作日志。", k.Called)
}

// Sign puts the signature of the unit's head under what the content is now, which
// must be what the head saw. It needs a fresh proof of identity.
func (k Kind) Sign(by tenants.Scope, at time.Time, p *Paper, content any, seen Signing) (note string, err error) {
	if err := by.StepUp(at); err != nil {
		return "", err
	}
	text, digest, err := Freeze(content)
	if err != nil {
		return "", err
	}
	if hex.EncodeToString(digest) != seen.Digest {
		return "", k.Changed()
	}
	p.Signed, p.Sum, p.N = text, digest, p.N+1
	p.HeadID, p.HeadName, p.HeadAt = new(by.Member().UUID), by.Name(), &at
	p.Letter, p.DecidedBy, p.DecidedAt = "", "", nil
	return "校验码 " + seen.Digest, nil
}

// Countersign puts the signature of the leader in charge under the same digest.
func (k Kind) Countersign(by tenants.Scope, at time.Time, p *Paper, seen Signing) (note string, err error) {
	if err := by.StepUp(at); err != nil {
		return "", err
	}
	if err := k.intact(*p); err != nil {
		return "", err
	}
	if hex.EncodeToString(p.Sum) != seen.Digest {
		return "", k.Changed()
	}
	if p.HeadID != nil && *p.HeadID == by.Member().UUID {
		return "", inspection.Errorf(inspection.Forbidden, k.Name+".own-signature", "两处签字应由不同的人办理。")
	}
	p.LeaderName, p.LeaderAt = by.Name(), &at
	return "校验码 " + seen.Digest, nil
}

// Changed is the refusal to sign unseen what is not what was shown.
func (k Kind) Changed() error {
	return inspection.Errorf(inspection.Conflict, k.Name+".changed", "%s内容在你阅读后有改动，请核对后再签字。", k.Called)
}

// Unsign takes both signatures and the review off: the next signature is under a new
// digest.
func (p *Paper) Unsign() {
	p.Signed, p.Sum, p.HeadID, p.HeadName, p.HeadAt, p.LeaderName, p.LeaderAt = nil, nil, nil, "", nil, "", nil
	p.Parties, p.Given, p.Agreed, p.ReviewBy = []tenants.Role{}, []tenants.Role{}, nil, nil
}

// Decide notes who decided, when, and in which words.
func (p *Paper) Decide(by tenants.Scope, at time.Time, code string, d Deciding, required bool) error {
	var bad inspection.Fields
	p.Letter, p.DecidedBy, p.DecidedAt = bad.Text("/letter", d.Letter, required, 5000), by.Name(), &at
	return bad.Err(code)
}

// Acts are a room's own names for what the review makes possible.
type Acts[D ~string] struct{ Opine, Return, Approve D }

// Allowed leaves of what a life lets a role do what the review has come to.
func Allowed[D ~string](p Paper, role tenants.Role, may []D, acts Acts[D]) []D {
	return slices.DeleteFunc(may, func(do D) bool {
		switch do {
		case acts.Opine:
			return !p.WaitsFor(role)
		case acts.Return:
			return p.Agreed == nil || *p.Agreed
		case acts.Approve:
			return p.Agreed == nil || !*p.Agreed
		}
		return false
	})
}

// WaitsFor reports whether the opinion of this party is still missing.
func (p Paper) WaitsFor(party tenants.Role) bool {
	return slices.Contains(p.Parties, party) && !slices.Contains(p.Given, party)
}

// Opinion is what one party thinks of a paper. Nobody changes it.
type Opinion struct {
	Party   tenants.Role           `json:"party" db:"party"`
	Verdict rectification.Verdict  `json:"verdict" db:"verdict"`
	Reasons []rectification.Reason `json:"reasons" db:"reasons" nullable:"false" maxItems:"8"`
	Note    string                 `json:"note" db:"note" maxLength:"2000"`
	ByName  string                 `json:"by" db:"by_name"`
	At      time.Time              `json:"at" db:"at"`
}
