"""One small module for each way in which a class's submissions come, and the one table of them."""

#: By the name that --layout takes, in the order in which they are recognised: a module here, or an object in one.
LAYOUT_MODULES = {
    "gradescope": "gradescope",
    "nbgrader": "nbgrader",
    "moodle": "moodle",
    "canvas-quiz": "canvas_quiz",
    "canvas": "canvas",
    "blackboard": "blackboard",
    "brightspace": "brightspace",
    "sakai": "sakai",
    "ilias": "ilias",
    "github": "github",
    "google": "google",
    "sections": "plain.sections",
    "folders": "plain.folders",
    "files": "plain.files",
}
