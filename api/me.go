package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"xuncha/inspection"
	"xuncha/tenants"
)

// Me is who is signed on, and as whom the person may act.
type Me struct {
	Name       string     `json:"name"`
	Identities []Identity `json:"identities" nullable:"false" doc:"Grants in force today (本轮身份)"`
	Pending    []string   `json:"pending" nullable:"false" doc:"Offices where a request for access waits"`
	Demo       bool       `json:"demo" doc:"Everything here is invented"`
	Now        time.Time  `json:"now" doc:"The service's clock, which days and deadlines are counted by"`
}

// Identity is one grant that the person may act under.
type Identity struct {
	Grant    inspection.GrantID  `json:"grant"`
	Member   inspection.MemberID `json:"member" doc:"The person in that office, whatever the grant"`
	Office   tenants.Tenant      `json:"office"`
	Path     []string            `json:"path" nullable:"false" doc:"Names of the offices above, from the top"`
	Role     tenants.Role        `json:"role"`
	RoleName string              `json:"role_name"`
	UnitName string              `json:"unit_name,omitempty"`
	Until    *inspection.Day     `json:"until,omitempty" doc:"Last day of the grant, if it ends"`
}

type meOutput struct{ Body Me }

func (s *Services) me(api huma.API) {
	register(s, api, huma.Operation{
		OperationID: "get-me",
		Method:      http.MethodGet,
		Path:        "/v1/me",
		Summary:     "Who is signed on",
		Tags:        []string{"Session"},
	}, permission{Level: P1, Act: "read", People: true}, s.getMe)
	register(s, api, huma.Operation{
		OperationID: "get-session",
		Method:      http.MethodGet,
		Path:        "/v1/session",
		Summary:     "When the session ends; asking does not lengthen it, any other request does",
		Tags:        []string{"Session"},
	}, permission{Level: P1, Act: "read", People: true}, s.getSession)
}

func (s *Services) getMe(ctx context.Context, _ *struct{}) (*meOutput, error) {
	me, err := s.Me(ctx, requestOf(ctx).session)
	if err != nil {
		return nil, err
	}
	me.Demo, me.Now = s.Demo, s.Clock()
	return &meOutput{Body: me}, nil
}

// SessionEnd is when a session ends.
type SessionEnd struct {
	Now     time.Time `json:"now" doc:"The service's clock; compare with it, not with your own"`
	RestsAt time.Time `json:"rests_at" doc:"If nobody does anything"`
	EndsAt  time.Time `json:"ends_at" doc:"Whatever anybody does"`
}

type sessionOutput struct{ Body SessionEnd }

func (s *Services) getSession(ctx context.Context, _ *struct{}) (*sessionOutput, error) {
	rests, ends, err := s.Ends(ctx, requestOf(ctx).session)
	return &sessionOutput{Body: SessionEnd{Now: s.Clock(), RestsAt: rests, EndsAt: ends}}, err
}
