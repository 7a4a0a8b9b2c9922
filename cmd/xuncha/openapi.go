package main

import (
	"fmt"
	"net/http"

	"xuncha/api"
)

type openAPICmd struct{}

// Run prints the document as YAML; it needs neither a database nor settings.
func (openAPICmd) Run(env *environment) error {
	document, err := api.New(http.NewServeMux(), &api.Services{}).OpenAPI().YAML()
	if err != nil {
		return fmt.Errorf("openapi: %w", err)
	}
	_, err = env.stdout.Write(document)
	return err
}
