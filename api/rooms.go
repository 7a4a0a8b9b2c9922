package api

import "github.com/danielgtaylor/huma/v2"

// Rooms are the services of the rooms that have operations.
type Rooms struct{}

func (r *Rooms) register(s *Services, api huma.API) {}
