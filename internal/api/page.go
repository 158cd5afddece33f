package api

import "errors"

var errNameDiffers = errors.New("the document's kind and name are not those of the address: send exactly that one object")

// pageRoutes serve the catalogue, which reads without JavaScript.
func (s *Server) pageRoutes() {}
