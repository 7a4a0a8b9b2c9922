package api

import (
	"context"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"xuncha/inspection"
	"xuncha/tenants"
	"xuncha/tenants/signon"
)

// members has who belongs to an office, what they may act as, and the keys of
// machines.
func (s *Services) members(api huma.API) {
	api.OpenAPI().Components.Schemas.RegisterTypeAlias(reflect.TypeFor[tenants.Role](), reflect.TypeFor[roleSchema]())
	adm := []tenants.Role{tenants.ADM}
	op := func(id, method, path, summary string) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: "/v1/offices/{office}" + path, Summary: summary, Tags: []string{"Members"}}
	}
	register(s, api, op("list-members", http.MethodGet, "/members", "Who belongs to the office, and what they may act as"),
		permission{Roles: append(staff, tenants.ADM), Level: P1, Act: "read"}, s.listMembers)
	register(s, api, op("admit-member", http.MethodPost, "/members/{id}/admit", "Confirm that a person who waits is who the portal says"),
		permission{Roles: adm, Level: P1, Act: "member.admit"}, s.admitMember)
	register(s, api, op("grant-role", http.MethodPost, "/members/{id}/grants", "Authorise a member (一次一授权)"),
		permission{Roles: adm, Level: P1, Act: "member.grant"}, s.grantRole)
	register(s, api, op("end-grant", http.MethodPost, "/grants/{id}/end", "End an authorisation at once"),
		permission{Roles: adm, Level: P1, Act: "member.end"}, s.endGrant)
	register(s, api, op("list-keys", http.MethodGet, "/keys", "Keys of machines, without the keys themselves"),
		permission{Roles: adm, Level: P1, Act: "read"}, s.listKeys)
	register(s, api, op("create-key", http.MethodPost, "/keys", "Make a key for a machine; it is shown this once"),
		permission{Roles: adm, Level: P1, Act: "key.create"}, s.createKey)
	register(s, api, op("revoke-key", http.MethodPost, "/keys/{id}/revoke", "Revoke a machine's key at once"),
		permission{Roles: adm, Level: P1, Act: "key.revoke"}, s.revokeKey)
}

type roleSchema string

// Schema lists the roles that a grant may give.
func (roleSchema) Schema(huma.Registry) *huma.Schema { return enumOf(tenants.Roles()) }

type membersOutput struct {
	Body struct {
		Items []tenants.Member `json:"items" nullable:"false"`
	}
}

func (s *Services) listMembers(ctx context.Context, _ *struct{ Acting }) (*membersOutput, error) {
	ms, err := s.Members.List(ctx, scopeOf(ctx))
	out := &membersOutput{}
	out.Body.Items = ms
	return out, err
}

type admitInput struct {
	Changing
	ID inspection.MemberID `path:"id" format:"uuid"`
}

type noOutput struct{}

func (s *Services) admitMember(ctx context.Context, in *admitInput) (*noOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	return &noOutput{}, s.Members.Admit(ctx, scopeOf(ctx), in.ID, version)
}

type grantInput struct {
	Posting
	ID   inspection.MemberID `path:"id" format:"uuid"`
	Body tenants.Granting
}

type grantOutput struct{ Body tenants.Grant }

func (s *Services) grantRole(ctx context.Context, in *grantInput) (*grantOutput, error) {
	g, err := s.Members.Grant(ctx, scopeOf(ctx), in.ID, in.Body)
	return &grantOutput{Body: g}, err
}

type endGrantInput struct {
	Posting
	ID   inspection.GrantID `path:"id" format:"uuid"`
	Body struct {
		Reason string `json:"reason" minLength:"1" maxLength:"200"`
	}
}

func (s *Services) endGrant(ctx context.Context, in *endGrantInput) (*noOutput, error) {
	return &noOutput{}, s.Members.End(ctx, scopeOf(ctx), in.ID, in.Body.Reason)
}

type keysOutput struct {
	Body struct {
		Items []signon.Key `json:"items" nullable:"false"`
	}
}

func (s *Services) listKeys(ctx context.Context, _ *struct{ Acting }) (*keysOutput, error) {
	keys, err := s.Keys.List(ctx, scopeOf(ctx))
	out := &keysOutput{}
	out.Body.Items = keys
	return out, err
}

// newKeyInput takes no Idempotency-Key: the answer would be stored, and the key
// is kept nowhere.
type newKeyInput struct {
	Acting
	Body signon.NewKey
}

type newKeyOutput struct {
	Body struct {
		Key  string     `json:"key" doc:"Shown this once: only its digest is kept"`
		Made signon.Key `json:"made"`
	}
}

func (s *Services) createKey(ctx context.Context, in *newKeyInput) (*newKeyOutput, error) {
	key, made, err := s.Keys.Create(ctx, scopeOf(ctx), in.Body)
	out := &newKeyOutput{}
	out.Body.Key, out.Body.Made = key, made
	return out, err
}

type keyInput struct {
	Posting
	ID signon.KeyID `path:"id" format:"uuid"`
}

func (s *Services) revokeKey(ctx context.Context, in *keyInput) (*noOutput, error) {
	return &noOutput{}, s.Keys.Revoke(ctx, scopeOf(ctx), in.ID)
}
