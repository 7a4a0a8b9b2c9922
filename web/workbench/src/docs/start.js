// The API's interactive page at /docs: Swagger UI over the document that the service itself serves. What is tried out
// here goes to this service, as whoever is signed on.
window.SwaggerUIBundle({
  dom_id: "#docs",
  url: "/v1/openapi.json",
  deepLinking: true,
  docExpansion: "none",
  defaultModelsExpandDepth: -1, // the shapes stand with the operations; all of them at once take seconds to draw
  filter: true,
  validatorUrl: null, // the default shows the document's address to a validator elsewhere
});
