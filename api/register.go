package api

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"xuncha/inspection"
	"xuncha/tenants"
)

// Level is how confidential what an operation shows may be.
type Level string

// The levels in use. Leads and reporters (P3, P4) have no operation here.
const (
	P0 Level = "P0" // public
	P1 Level = "P1" // within the office and above, once issued
	P2 Level = "P2" // within the office
)

// permission is what an operation declares about itself.
type permission struct {
	Roles []tenants.Role // who may; none means anybody who is signed on
	Level Level
	Act   string // the journal's name of the act; "read" if it changes nothing

	People bool // only with a session: a machine's key has nothing to ask here

	link bool // leads to a file, as links that people keep and hand on do
}

// everybody who works in an office, in whatever role.
var everybody = tenants.Roles()

// staff are the people of the inspection office at any level.
var staff = []tenants.Role{tenants.OFF, tenants.DIR, tenants.CITY, tenants.PROV}

// register is huma.Register with the one place where permissions are checked,
// repeated requests recognised and errors turned into problems.
func register[I, O any](s *Services, api huma.API, op huma.Operation, p permission, h func(context.Context, *I) (*O, error)) {
	op.Errors = append(op.Errors, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusTooManyRequests)
	if op.Method != http.MethodGet {
		op.Errors = append(op.Errors, http.StatusConflict)
	}
	if op.Extensions == nil {
		op.Extensions = map[string]any{}
	}
	roles := slices.Clone(p.Roles)
	op.Extensions["x-roles"], op.Extensions["x-level"], op.Extensions["x-act"] = roles, p.Level, p.Act
	op.Security = []map[string][]string{{"session": {}}}
	if !p.People {
		op.Security = append(op.Security, map[string][]string{"token": {}})
	}
	op.SkipValidateParams = false
	p.link = op.Method == http.MethodGet && handsOut(op)
	huma.Register(api, op, func(ctx context.Context, in *I) (*O, error) {
		ctx, err := s.admit(ctx, in, p)
		if err != nil {
			return nil, s.problem(ctx, op.OperationID, err)
		}
		out, err := once(ctx, s, op.Method, in, h)
		if err != nil {
			return nil, s.problem(ctx, op.OperationID, err)
		}
		meet(ctx)
		return out, nil
	})
}

// handsOut reports whether what an operation answers is a file.
func handsOut(op huma.Operation) bool {
	answer := op.Responses["200"]
	return answer != nil && len(answer.Content) > 0 && answer.Content["application/json"] == nil
}

// Acting is part of every input whose path names the office that is acted for.
type Acting struct {
	Office   string `path:"office" pattern:"^[a-z][a-z0-9-]{1,40}$" doc:"Name of the office in addresses"`
	Identity string `header:"Xuncha-Identity" maxLength:"36" doc:"The grant to act under (本轮身份), where the person has several"`
}

func (a Acting) acting() Acting { return a }

// Reading is part of every input that may look at an office below.
type Reading struct {
	Acting
	Below string `query:"below" pattern:"^[a-z][a-z0-9-]{1,40}$" doc:"Name of an office below, whose issued rows are read"`
}

func (r Reading) below() string { return r.Below }

// Posting is part of every input of a POST.
type Posting struct {
	Acting
	Key string `header:"Idempotency-Key" maxLength:"200" doc:"The sender's name for this request: sent again, it has no second effect"`
}

func (p Posting) repeatKey() string { return p.Key }

// Changing is part of every input that changes a row that has a version. An
// action that is a POST has a Key, too.
type Changing struct {
	Acting
	Key     string `header:"Idempotency-Key" maxLength:"200" doc:"The sender's name for this request: sent again, it has no second effect"`
	IfMatch string `header:"If-Match" maxLength:"20" doc:"The ETag that was read; needed"`
}

func (c Changing) repeatKey() string { return c.Key }

// version returns the version that the sender read.
func (c Changing) version() (int, error) {
	if c.IfMatch == "" {
		return 0, newProblem(http.StatusPreconditionRequired, "if-match-required", "请先读取最新内容，再带上 If-Match 提交。")
	}
	tag, err := strconv.Unquote(c.IfMatch)
	if err != nil {
		return 0, newProblem(http.StatusBadRequest, "if-match", "If-Match 应为读取时得到的 ETag。")
	}
	n, err := strconv.Atoi(tag)
	if err != nil {
		return 0, newProblem(http.StatusBadRequest, "if-match", "If-Match 应为读取时得到的 ETag。")
	}
	return n, nil
}

// etag is a row's version as an ETag.
func etag(version int) string { return strconv.Quote(strconv.Itoa(version)) }

// admit finds out who asks, and whether they may.
func (s *Services) admit(ctx context.Context, in any, p permission) (context.Context, error) {
	r := requestOf(ctx)
	if p.People && r.token != "" {
		return ctx, inspection.Errorf(inspection.Forbidden, "session-needed", "此操作只供登录的人员使用，接口令牌没有登录会话。")
	}
	acts, ok := in.(interface{ acting() Acting })
	if !ok {
		return ctx, nil // not about an office: the operation itself asks who it is
	}
	o := acts.acting()
	scope, err := s.Verify(ctx, Credentials{Session: r.session, Token: r.token, Office: o.Office, Identity: o.Identity})
	if p.link && inspection.CodeOf(err) == "no-grant" {
		return ctx, tenants.ErrUnknown // who has no grant any more learns of a file no more than anybody (TRUST BI-124)
	}
	if err != nil {
		return ctx, err
	}
	if err := scope.Role().Allow(p.Roles...); err != nil {
		return ctx, err
	}
	if looks, ok := in.(interface{ below() string }); ok && looks.below() != "" {
		t, err := s.DB.BySlug(ctx, looks.below())
		if err != nil {
			return ctx, err
		}
		if scope, err = scope.Below(t); err != nil {
			return ctx, err
		}
	}
	return context.WithValue(ctx, scopeKey{}, scope), nil
}

type scopeKey struct{}

// scopeOf returns the scope that register admitted.
func scopeOf(ctx context.Context) tenants.Scope {
	s, _ := ctx.Value(scopeKey{}).(tenants.Scope)
	return s
}

// once runs h, in one transaction with its stored answer if the sender named the
// request.
func once[I, O any](ctx context.Context, s *Services, method string, in *I, h func(context.Context, *I) (*O, error)) (*O, error) {
	named, ok := any(in).(interface{ repeatKey() string })
	if method != http.MethodPost || !ok || named.repeatKey() == "" {
		return h(ctx, in)
	}
	r := tenants.Request{Key: named.repeatKey(), Fingerprint: requestOf(ctx).digest}
	return tenants.Once(ctx, s.DB, scopeOf(ctx), r, func(ctx context.Context) (*O, error) { return h(ctx, in) })
}

// enumOf is the schema of a type whose values a room's table lists: the document
// cannot differ from the table.
func enumOf[T ~string](values []T) *huma.Schema {
	s := &huma.Schema{Type: huma.TypeString}
	for _, v := range values {
		s.Enum = append(s.Enum, string(v))
	}
	return s
}
