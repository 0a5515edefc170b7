"""Every change of state of labelling projects, tasks, annotations, imports and exports."""
