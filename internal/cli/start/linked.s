// This file lets functions without body stand beside it: they are those of the runtime.
