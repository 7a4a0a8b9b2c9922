package api

import (
	"github.com/danielgtaylor/huma/v2"

	"xuncha/tenants"
	"xuncha/tenants/signon"
)

// Rooms are the services that have operations.
type Rooms struct {
	Members *tenants.Members
	Keys    *signon.Keys
}

func (r *Rooms) register(s *Services, api huma.API) {
	s.members(api)
}
